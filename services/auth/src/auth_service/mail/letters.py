"""The letters of auth, and what a job needs to write one; never a secret."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class LetterKind(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - an occasion, not a secret
    SESSION_REUSED = "session-reused"
    LOCKED = "locked"
    FACTOR_ADDED = "factor-added"
    FACTOR_REMOVED = "factor-removed"
    FACTOR_RESET = "factor-reset"
    RECOVERY_USED = "recovery-used"
    NEW_DEVICE = "new-device"
    DORMANT = "dormant"


SUBJECTS: Mapping[LetterKind, str] = {
    LetterKind.INVITATION: "You are invited to Masijala",
    LetterKind.RESET: "Set a new password",
    LetterKind.PASSWORD_CHANGED: "Your password was changed",
    LetterKind.SESSION_REUSED: "A session of yours was ended for safety",
    LetterKind.LOCKED: "Your password is locked",
    LetterKind.FACTOR_ADDED: (
        "A second factor was added to your account / Njia ya pili ya uthibitisho imeongezwa"
    ),
    LetterKind.FACTOR_REMOVED: (
        "A second factor was removed from your account / Njia ya pili ya uthibitisho imeondolewa"
    ),
    LetterKind.FACTOR_RESET: (
        "Your second factor was reset / Njia yako ya pili ya uthibitisho imeondolewa"
    ),
    LetterKind.RECOVERY_USED: (
        "A recovery code of yours was used / Msimbo wako wa dharura umetumika"
    ),
    LetterKind.NEW_DEVICE: ("A sign-in from a new device / Akaunti yako imeingiwa kwa kifaa kipya"),
    LetterKind.DORMANT: ("Your account will be deactivated / Akaunti yako itafungwa"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    at: str
    ip: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    actor_id: str | None = None

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class Order:
    """One letter to write, to a user by ID or by address; `due_at` is of what it warns of."""

    kind: LetterKind
    cause: Cause
    user_id: UUID | None = None
    email: str | None = field(default=None, repr=False)
    device_name: str | None = None
    due_at: str | None = None

    def arguments(self) -> dict[str, Any]:
        """The order as the JSON of a job."""
        user_id = str(self.user_id) if self.user_id is not None else None
        return asdict(self) | {"kind": self.kind.value, "user_id": user_id}

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> "Order":
        user_id = arguments["user_id"]
        return cls(
            kind=LetterKind(arguments["kind"]),
            cause=Cause(**arguments["cause"]),
            user_id=UUID(user_id) if user_id is not None else None,
            email=arguments["email"],
            device_name=arguments["device_name"],
            due_at=arguments.get("due_at"),  # not in a job of the version before
        )
