"""Who a change is attributed to."""

from collections.abc import Mapping
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

    @classmethod
    def from_plain(cls, plain: Mapping[str, str]) -> "Actor":
        """Read what `plain` has written."""
        user_id = plain.get("user_id")
        return cls(UUID(user_id) if user_id else None, plain.get("client_id"))

    def plain(self) -> dict[str, str]:
        """As the arguments of a job carry it."""
        plain = {"user_id": str(self.user_id)} if self.user_id is not None else {}
        return plain | ({"client_id": self.client_id} if self.client_id is not None else {})


SYSTEM: Final = Actor(None)
