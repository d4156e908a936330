"""Which new passwords are refused, each with its reason (NIST SP 800-63B-4, 3.1.1.2)."""

from dataclasses import dataclass
from typing import Final

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from auth_service.passwords.breached import BreachedPasswords
from auth_service.passwords.scheme import normal_password
from common.errors import FieldError

MAX_CHARACTERS: Final = 256
MIN_SCORE: Final = 3
PRODUCT: Final = "masijala"
# zxcvbn's time grows with the square of the length; 72 characters is also its own limit.
SCORED_CHARACTERS: Final = 72
COMMON: Final = frozenset(FREQUENCY_LISTS["passwords"])
NONE_KNOWN: Final = BreachedPasswords()


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """Length in code points of the NFC form; no rules about kinds of characters."""

    min_characters: int
    breached: BreachedPasswords = NONE_KNOWN

    def fault(self, password: str, *, email: str, name: str) -> FieldError | None:
        """Why this password is not acceptable; None when it is. Takes milliseconds."""
        normal = normal_password(password)
        reason = self._length(normal) or _content(normal.casefold(), _personal(email, name))
        if reason is None and normal in self.breached:
            reason = ("password-breached", "is known from a breach of some service; choose another")
        if reason is None and _score(normal, _personal(email, name)) < MIN_SCORE:
            reason = ("password-weak", "is too easy to guess; add words or characters")
        return FieldError("new_password", *reason) if reason else None

    def _length(self, password: str) -> tuple[str, str] | None:
        if len(password) < self.min_characters:
            return ("password-too-short", f"must have at least {self.min_characters} characters")
        if len(password) > MAX_CHARACTERS:
            return ("password-too-long", f"must have at most {MAX_CHARACTERS} characters")
        return None


def _personal(email: str, name: str) -> list[str]:
    local_part = email.partition("@")[0]
    return [part.casefold() for part in (email, local_part, name, PRODUCT) if part.strip()]


def _content(password: str, personal: list[str]) -> tuple[str, str] | None:
    if password in COMMON:
        return ("password-common", "is one of the passwords that are tried first")
    if password.strip() in personal:
        return ("password-personal", "must not be the e-mail address, the name or the product")
    return None


def _score(password: str, personal: list[str]) -> int:
    """The better score of the beginning and the end, since only a part is scored."""
    parts = {password[:SCORED_CHARACTERS], password[-SCORED_CHARACTERS:]}
    return max(int(zxcvbn(part, user_inputs=personal)["score"]) for part in parts)
