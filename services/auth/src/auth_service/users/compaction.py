"""Grants as tokens carry them: one entry for each role."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from auth_service.users.models import UserGrant
from common.identity import Grant, Role


def compact(grants: Sequence[UserGrant]) -> tuple[Grant, ...]:
    """Merge grants of one role: all courts if any grant says so, else the courts of all."""
    courts: dict[Role, frozenset[UUID] | None] = {}
    for grant in grants:
        held = courts.get(grant.role, frozenset())
        given = None if grant.court_ids is None else frozenset(grant.court_ids)
        courts[grant.role] = None if held is None or given is None else held | given
    return tuple(Grant(role, courts[role]) for role in Role if role in courts)


def earliest_end(grants: Sequence[UserGrant]) -> datetime | None:
    """When the first of these grants runs out; None when none does."""
    return min((grant.expires_at for grant in grants if grant.expires_at), default=None)
