"""What each role lets people do, in words that a frontend can show or hide things by.

The services decide by role and court; these names only tell the same thing.
"""

from collections.abc import Iterable
from typing import Final

from common.identity import Grant, Role

_READ: Final = frozenset({"cases:read", "metrics:read", "reference:read"})
_ENTER: Final = _READ | {"activities:write", "cases:write", "imports:write"}
_ADMINISTER: Final = _ENTER | {
    "audit-events:read",
    "reference:write",
    "service-clients:write",
    "users:read",
    "users:write",
}
PERMISSIONS: Final = {Role.VIEWER: _READ, Role.DATA_ENTRY: _ENTER, Role.ADMIN: _ADMINISTER}


def permissions(grants: Iterable[Grant]) -> list[str]:
    """Everything that these grants allow somewhere, in order."""
    return sorted(frozenset().union(*(PERMISSIONS[grant.role] for grant in grants)))
