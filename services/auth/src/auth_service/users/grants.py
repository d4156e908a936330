"""What grants allow: merged as tokens carry them, and as permissions for the frontend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NoReturn
from uuid import UUID

from pydantic import Field

from auth_service.users.models import UserGrant
from common.errors import FieldError, ValidationFailed
from common.identity import Grant, Principal, Role
from common.schemas import ResponseModel

MAX_COURTS: Final = 500
MAX_GRANTS: Final = 20
# A token stays under 4 KiB. With more courts than this in all it refers to the lists.
LISTED_COURTS: Final = 40
_READ: Final = frozenset({"cases:read", "metrics:read"})
_ENTER: Final = _READ | {"activities:write", "cases:write", "imports:write"}
# For showing and hiding parts of a frontend. The services decide by role and court.
PERMISSIONS: Final = {Role.VIEWER: _READ, Role.DATA_ENTRY: _ENTER, Role.ADMIN: _ENTER}
# What belongs to no court: for any role, and for administrators of all courts.
SHARED: Final = frozenset({"reference:read"})
OF_ALL_COURTS: Final = frozenset(
    {"audit-events:read", "reference:write", "service-clients:write", "users:read", "users:write"}
)


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


def token_claims(grants: Sequence[Grant]) -> list[dict[str, Any]]:
    """The grants as a token has them: with references instead of lists that would be too long."""
    listed = sum(len(grant.courts or ()) for grant in grants)
    short = listed <= LISTED_COURTS
    return [(grant if short else grant.by_reference()).to_claim() for grant in grants]


def require_room(grants: Sequence[UserGrant]) -> None:
    """Refuse more grants than a user may have, in force or later. Raises ValidationFailed."""
    if len(grants) > MAX_GRANTS:
        _refuse("role", "grants-too-many", f"a user may have at most {MAX_GRANTS} grants")
    if any(len(grant.courts or ()) > MAX_COURTS for grant in compact(grants)):
        _refuse(
            "courts", "courts-too-many", f"a user may have a role at {MAX_COURTS} courts, or at all"
        )


def is_later(end: datetime | None, other: datetime | None) -> bool:
    """Whether an end of a grant is later than another; None is never."""
    return other is not None and (end is None or end > other)


def require_period(begins_at: datetime | None, expires_at: datetime | None, now: datetime) -> None:
    """Refuse a grant that would never be in force. Raises ValidationFailed."""
    if expires_at is None:
        return
    if expires_at <= now:
        _refuse("expires_at", "expires-in-the-past", "must lie in the future")
    if begins_at is not None and begins_at >= expires_at:
        _refuse("expires_at", "expires-before-it-begins", "must lie after begins_at")


def _refuse(field: str, code: str, message: str) -> NoReturn:
    raise ValidationFailed(errors=(FieldError(field, code, message),))


@dataclass(frozen=True, slots=True)
class CurrentGrants:
    """The grants in force at a moment, and when by themselves they will next be others."""

    in_force: tuple[UserGrant, ...]
    change_at: datetime | None

    @classmethod
    def of(cls, not_over: Sequence[UserGrant], now: datetime) -> "CurrentGrants":
        """From the grants that are in force or will be."""
        in_force = tuple(grant for grant in not_over if grant.has_begun(now))
        begins = [grant.begins_at for grant in not_over if not grant.has_begun(now)]
        moments = [*begins, *(grant.expires_at for grant in in_force)]
        return cls(in_force, min((each for each in moments if each is not None), default=None))


class PermissionsRead(ResponseModel):
    """Permissions, and the courts at which they hold."""

    courts: list[UUID] | Literal["*"] = Field(description="`*` for all courts")
    permissions: list[str]


def permissions(grants: Sequence[Grant]) -> list[PermissionsRead]:
    """Everything that these grants allow, by the courts at which they allow it."""
    principal = Principal("user", grants=tuple(grants))
    names: dict[frozenset[UUID] | None, set[str]] = {}
    for name in PERMISSIONS[Role.ADMIN]:
        roles = [role for role in Role if name in PERMISSIONS[role]]
        scope = principal.scope_for(*roles)
        if not scope.is_empty:
            names.setdefault(scope.courts, set()).add(name)
    everywhere = SHARED if grants else frozenset()
    if Grant(Role.ADMIN) in grants:
        everywhere |= OF_ALL_COURTS
    if everywhere:
        names.setdefault(None, set()).update(everywhere)
    return [
        PermissionsRead(courts="*" if courts is None else sorted(courts), permissions=sorted(held))
        for courts, held in sorted(names.items(), key=lambda item: len(item[0] or ()))
    ]
