"""Who a change is attributed to, and when it was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
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


def creation_columns(by: Actor, now: datetime) -> dict[str, Any]:
    """The columns of a new record; its author is also the last to have changed it."""
    return {
        "created_at": now,
        "created_by": by.user_id,
        "updated_at": now,
        "updated_by": by.user_id,
    }


class Versioned(Protocol):
    """A record, or its columns as plain values."""

    updated_at: datetime
    updated_by: UUID | None
    version: int


def mark_updated(record: Versioned, by: Actor, now: datetime) -> None:
    """Give a changed record its next version; the caller holds the row's lock."""
    record.updated_at, record.updated_by = now, by.user_id
    record.version += 1
