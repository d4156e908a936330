"""The one mechanism of links and codes that work once, whatever they are for."""

import hmac
from datetime import datetime
from typing import Final, TypeGuard, TypeVar

from auth_service.users.models import SingleUse

MAX_TRIES: Final = 5
RowT = TypeVar("RowT", bound=SingleUse)


def may_use(row: RowT | None, secret_hash: bytes, now: datetime) -> TypeGuard[RowT]:
    """Whether a locked row may be used with this secret. A wrong one is counted."""
    if row is None or row.tries >= MAX_TRIES or row.expires_at <= now:
        return False
    if hmac.compare_digest(row.secret_hash, secret_hash):
        return True
    row.tries += 1
    return False
