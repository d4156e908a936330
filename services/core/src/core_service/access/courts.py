"""The courts where a caller may read, change and decide, by the grants of the request."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, true

from common.errors import PermissionDenied
from common.identity import CourtScope, Principal, Role

READ_SCOPE: Final = "registry:read"
WRITE_SCOPE: Final = "registry:write"
READERS: Final = (Role.ADMIN, Role.DATA_ENTRY, Role.VIEWER)
WRITERS: Final = (Role.ADMIN, Role.DATA_ENTRY)
EVERYWHERE: Final = CourtScope(None)
NOWHERE: Final = CourtScope(frozenset())


def within(column: Any, scope: CourtScope) -> ColumnElement[bool]:
    """The condition that a column, or an expression, is a court of the scope."""
    if scope.courts is None:
        return true()
    if not scope.courts:
        return false()
    condition: ColumnElement[bool] = column.in_(scope.courts)
    return condition


def require_reader(principal: Principal) -> None:
    """Require a role that may read. Raises Unauthenticated or PermissionDenied."""
    if principal.kind == "service":
        principal.require_scope(READ_SCOPE)
    else:
        principal.require_role(*READERS)


def writing(principal: Principal) -> CourtScope:
    """The courts whose cases the caller may change. Raises Unauthenticated or PermissionDenied."""
    if principal.kind == "service":
        principal.require_scope(WRITE_SCOPE)
        return EVERYWHERE
    return principal.require_role(*WRITERS)


def decides_for_all(principal: Principal) -> bool:
    """Whether the caller decides on what all courts share: an administrator of all courts does."""
    return principal.kind == "user" and principal.scope_for(Role.ADMIN).courts is None


def deciding(principal: Principal) -> CourtScope:
    """The courts where the caller decides on voids, transfers and the like; no service does.

    Raises Unauthenticated or PermissionDenied.
    """
    return _held(principal, Role.ADMIN)


def proposing(principal: Principal) -> CourtScope:
    """The courts where the caller may decide or propose. Raises as `deciding`."""
    return _held(principal, *WRITERS)


def require_court(scope: CourtScope, court_id: UUID) -> None:
    """Raise PermissionDenied unless the court is in the scope."""
    if court_id not in scope:
        raise PermissionDenied("Your grants do not cover this court")


def require_admin(principal: Principal) -> None:
    """Require an administrator. Raises Unauthenticated or PermissionDenied."""
    _held(principal, Role.ADMIN)


def _held(principal: Principal, *roles: Role) -> CourtScope:
    """The courts of a user's roles; a service has none."""
    if principal.kind == "service":
        raise PermissionDenied("Only a signed-in user may do this")
    return principal.require_role(*roles)
