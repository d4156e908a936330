"""Who a change is put down to."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from common.identity import Principal


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a change; `user_id` is None for services and for the system itself."""

    user_id: UUID | None
    client_id: str | None = None

    @classmethod
    def of(cls, principal: Principal) -> "Actor":
        """The caller as an author."""
        return cls(principal.user_id, principal.client_id)


SYSTEM: Final = Actor(None)
