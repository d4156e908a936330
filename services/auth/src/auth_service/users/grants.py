"""What grants allow: merged as tokens carry them, and as permissions for the frontend."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import Field

from auth_service.users.models import UserGrant
from common.identity import Grant, Role
from common.schemas import ResponseModel

_READ: Final = frozenset({"cases:read", "metrics:read", "reference:read"})
_ENTER: Final = _READ | {"activities:write", "cases:write", "imports:write"}
_ADMINISTER: Final = _ENTER | {
    "audit-events:read",
    "reference:write",
    "service-clients:write",
    "users:read",
    "users:write",
}
# For showing and hiding parts of a frontend. The services decide by role and court.
PERMISSIONS: Final = {Role.VIEWER: _READ, Role.DATA_ENTRY: _ENTER, Role.ADMIN: _ADMINISTER}


class GrantRead(ResponseModel):
    """A role and its courts, as tokens carry it."""

    role: Role
    courts: list[UUID] | Literal["*"] = Field(description="`*` for all courts")

    @classmethod
    def of(cls, grant: Grant) -> "GrantRead":
        return cls(role=grant.role, courts="*" if grant.courts is None else sorted(grant.courts))


def compact(grants: Sequence[UserGrant]) -> tuple[Grant, ...]:
    """Merge grants of one role: all courts if any grant has all, else the courts of each."""
    courts: dict[Role, frozenset[UUID] | None] = {}
    for grant in grants:
        held = courts.get(grant.role, frozenset())
        given = None if grant.court_ids is None else frozenset(grant.court_ids)
        courts[grant.role] = None if held is None or given is None else held | given
    return tuple(Grant(role, courts[role]) for role in Role if role in courts)


def earliest_end(grants: Sequence[UserGrant]) -> datetime | None:
    """When the first of these grants expires; None when none does."""
    return min((grant.expires_at for grant in grants if grant.expires_at), default=None)


def permissions(grants: Iterable[Grant]) -> list[str]:
    """Everything that these grants allow at any court, in order."""
    return sorted(frozenset().union(*(PERMISSIONS[grant.role] for grant in grants)))
