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
    EMAIL_CONFIRM = "email-confirm"
    EMAIL_REQUESTED = "email-requested"
    EMAIL_CHANGED = "email-changed"
    EMAIL_ADOPTED = "email-adopted"
    CODE_ISSUED = "code-issued"


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
    LetterKind.EMAIL_CONFIRM: (
        "Confirm your new e-mail address / Thibitisha anwani yako mpya ya barua pepe"
    ),
    LetterKind.EMAIL_REQUESTED: (
        "Your e-mail address is to be changed / Anwani yako ya barua pepe inaombwa kubadilishwa"
    ),
    LetterKind.EMAIL_CHANGED: (
        "Your e-mail address was changed / Anwani yako ya barua pepe imebadilishwa"
    ),
    LetterKind.EMAIL_ADOPTED: ("You sign in with this address now / Sasa unaingia kwa anwani hii"),
    LetterKind.CODE_ISSUED: (
        "A one-time code was made for your account / Msimbo wa matumizi ya mara moja umetolewa"
    ),
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
    """One letter to write, to a user by ID or by address; `change_id` is that of an address,
    `due_at` is of what it warns of.
    """

    kind: LetterKind
    cause: Cause
    user_id: UUID | None = None
    email: str | None = field(default=None, repr=False)
    device_name: str | None = None
    due_at: str | None = None
    change_id: UUID | None = None

    def arguments(self) -> dict[str, Any]:
        """The order as the JSON of a job."""
        ids = {"user_id": self.user_id, "change_id": self.change_id}
        texts = {name: str(id_) if id_ is not None else None for name, id_ in ids.items()}
        return asdict(self) | {"kind": self.kind.value, **texts}

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> "Order":
        return cls(
            kind=LetterKind(arguments["kind"]),
            cause=Cause(**arguments["cause"]),
            user_id=_id(arguments["user_id"]),
            email=arguments["email"],
            device_name=arguments["device_name"],
            due_at=arguments.get("due_at"),  # not in a job of the version before
            change_id=_id(arguments.get("change_id")),  # jobs of the revision before have none
        )


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text is not None else None
