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
    IDENTITY_LINKED = "identity-linked"
    DORMANT = "dormant"
    EMAIL_CONFIRM = "email-confirm"
    EMAIL_REQUESTED = "email-requested"
    EMAIL_CHANGED = "email-changed"
    EMAIL_ADOPTED = "email-adopted"
    CODE_ISSUED = "code-issued"


# In both languages, and short: longer ones are folded, and read with a space before them.
SUBJECTS: Mapping[LetterKind, str] = {
    LetterKind.INVITATION: "You are invited to Masijala / Umealikwa kwenye Masijala",
    LetterKind.RESET: "Set a new password / Weka nywila mpya",
    LetterKind.PASSWORD_CHANGED: "Your password was changed / Nywila yako imebadilishwa",
    LetterKind.SESSION_REUSED: "A session of yours was ended / Kipindi chako kimefungwa",
    LetterKind.LOCKED: "Your password is locked / Nywila yako imefungwa",
    LetterKind.FACTOR_ADDED: "Second factor added / Njia ya pili ya uthibitisho imeongezwa",
    LetterKind.FACTOR_REMOVED: "Second factor removed / Njia ya pili ya uthibitisho imeondolewa",
    LetterKind.FACTOR_RESET: "Second factor reset / Njia yako ya pili ya uthibitisho imefutwa",
    LetterKind.RECOVERY_USED: "Recovery code used / Msimbo wako wa dharura umetumika",
    LetterKind.NEW_DEVICE: "Sign-in from a new device / Akaunti yako imeingiwa kwa kifaa kipya",
    LetterKind.IDENTITY_LINKED: "Account linked / Akaunti yako imeunganishwa na saraka",
    LetterKind.DORMANT: "Your account will be deactivated / Akaunti yako itafungwa",
    LetterKind.EMAIL_CONFIRM: "Confirm your e-mail address / Thibitisha anwani ya barua pepe",
    LetterKind.EMAIL_REQUESTED: "Change of e-mail address / Anwani ya barua pepe itabadilishwa",
    LetterKind.EMAIL_CHANGED: "E-mail address changed / Anwani ya barua pepe imebadilishwa",
    LetterKind.EMAIL_ADOPTED: "You sign in with this address now / Sasa unaingia kwa anwani hii",
    LetterKind.CODE_ISSUED: "One-time code made / Msimbo wa matumizi ya mara moja umetolewa",
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
    `due_at` is of what it warns of, `directory` the label of one. A name that a user has given to
    a device or a factor is in no letter: the user may be a stranger who has the password.
    """

    kind: LetterKind
    cause: Cause
    user_id: UUID | None = None
    email: str | None = field(default=None, repr=False)
    directory: str | None = None
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
            directory=arguments.get("directory", arguments.get("device_name")),  # its name before
            due_at=arguments.get("due_at"),  # not in a job of the version before
            change_id=_id(arguments.get("change_id")),  # jobs of the revision before have none
        )


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text is not None else None
