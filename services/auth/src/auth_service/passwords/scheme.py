"""How passwords are hashed now, and how they may have been hashed before.

Before hashing, a password is mixed with a pepper, a key that only the environment has: a stolen
table alone allows no guessing. A stored hash names its pepper, `$pepper$<id>$argon2id$…`; without
the prefix there was none.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from passlib.context import CryptContext

from common.logs import get_logger

PREFIX: Final = "$pepper$"

log = get_logger(__name__)


class PepperUnknown(Exception):
    """A stored hash needs a pepper that AUTH_PASSWORD_PEPPERS no longer has."""


@dataclass(frozen=True, slots=True)
class PepperedHash:
    pepper_id: str | None
    hash: str

    @classmethod
    def parse(cls, stored: str) -> "PepperedHash":
        if not stored.startswith(PREFIX):
            return cls(None, stored)
        pepper_id, _, rest = stored.removeprefix(PREFIX).partition("$")
        return cls(pepper_id, f"${rest}")

    def __str__(self) -> str:
        return self.hash if self.pepper_id is None else f"{PREFIX}{self.pepper_id}{self.hash}"


@dataclass(frozen=True, slots=True)
class Peppering:
    """Mixes passwords with peppers; the first is the current one, there may be none."""

    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def current_id(self) -> str | None:
        """The pepper of new hashes."""
        return next(iter(self.keys), None)

    def mix(self, password: str, pepper_id: str | None) -> str:
        """What is hashed instead of the password. Raises PepperUnknown."""
        if pepper_id is None:
            return password
        key = self.keys.get(pepper_id)
        if key is None:
            raise PepperUnknown(pepper_id)
        # Text, since some hash functions stop at a zero byte.
        return base64.b64encode(hmac.new(key, password.encode(), hashlib.sha256).digest()).decode()


@dataclass(frozen=True, slots=True)
class HashingCost:
    memory_kib: int = 19456
    time_cost: int = 2
    parallelism: int = 1


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the password matches, and a new hash to store when the old one is outdated."""

    matches: bool
    new_hash: str | None = None


def make_context(cost: HashingCost) -> CryptContext:
    """argon2id for new hashes; hashes of older systems still verify, and are then replaced."""
    return CryptContext(
        schemes=[
            "argon2",
            "bcrypt",
            "bcrypt_sha256",
            "pbkdf2_sha256",
            "pbkdf2_sha512",
            "django_pbkdf2_sha256",
        ],
        deprecated="auto",
        argon2__type="ID",
        argon2__memory_cost=cost.memory_kib,
        argon2__time_cost=cost.time_cost,
        argon2__parallelism=cost.parallelism,
    )


@dataclass(slots=True)
class PasswordScheme:
    """Hashes and verifies; expensive, so run it in a thread."""

    cost: HashingCost = field(default_factory=HashingCost)
    peppers: Peppering = field(default_factory=Peppering)
    context: CryptContext = field(init=False)
    _dummy: str = field(init=False)

    def __post_init__(self) -> None:
        self.context = make_context(self.cost)
        self._dummy = self.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """The hash to store."""
        pepper_id = self.peppers.current_id
        mixed = self.peppers.mix(normal_password(password), pepper_id)
        return str(PepperedHash(pepper_id, str(self.context.hash(mixed))))

    def verify(self, password: str, stored: str | None) -> Verification:
        """Compare with a stored hash; without one, do the same work in vain."""
        if stored is None:
            return self._verify_dummy(password)
        parts = PepperedHash.parse(stored)
        try:
            candidate = self.peppers.mix(normal_password(password), parts.pepper_id)
            matches = bool(self.context.verify(candidate, parts.hash))
        except ValueError:
            # bcrypt accepts at most 72 bytes: a longer password cannot match.
            return self._verify_dummy(password)
        except PepperUnknown as unknown:
            log.warning("password_pepper_unknown", pepper=str(unknown))
            return self._verify_dummy(password)
        outdated = matches and self._is_outdated(parts)
        return Verification(matches, self.hash(password) if outdated else None)

    def recognises(self, stored: str) -> bool:
        """Whether passwords can be compared with this hash of another system."""
        scheme = self.context.identify(stored)
        if scheme is None:
            return False
        try:
            self.context.handler(scheme).from_string(stored)
        except (ValueError, TypeError):
            return False
        return True

    def _is_outdated(self, parts: PepperedHash) -> bool:
        return parts.pepper_id != self.peppers.current_id or self.context.needs_update(parts.hash)

    def _verify_dummy(self, password: str) -> Verification:
        self.context.verify(
            self.peppers.mix(normal_password(password), self.peppers.current_id),
            PepperedHash.parse(self._dummy).hash,
        )
        return Verification(matches=False)


def normal_password(password: str) -> str:
    """One form for text that looks the same, whatever the keyboard (NIST SP 800-63B)."""
    return unicodedata.normalize("NFC", password)
