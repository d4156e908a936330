"""What a caller holds when an answer is given, and whether a caller still holds all of that."""

from collections.abc import Mapping
from typing import Any

from common.identity import CourtScope, Grant, Principal


def authority_of(principal: Principal) -> dict[str, Any]:
    """The caller's grants and scopes, as JSON."""
    return {
        "grants": [grant.to_claim() for grant in principal.grants],
        "scopes": sorted(principal.scopes),
    }


def still_holds(principal: Principal, held: Mapping[str, Any]) -> bool:
    """Whether the caller holds every role on every court, and every scope, that was held then."""
    grants = map(Grant.from_claim, held["grants"])
    return principal.scopes.issuperset(held["scopes"]) and all(
        _covers(principal.scope_for(grant.role), grant) for grant in grants
    )


def _covers(scope: CourtScope, grant: Grant) -> bool:
    if scope.courts is None:
        return True
    return grant.courts is not None and grant.courts <= scope.courts
