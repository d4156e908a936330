"""How passwords are hashed now, and how they may have been hashed before."""

import secrets
import unicodedata
from dataclasses import dataclass, field

from passlib.context import CryptContext

from auth_service.passwords.peppers import PepperedHash, Peppering, PepperUnknown
from common.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HashingCost:
    """What one argon2id hash costs."""

    memory_kib: int = 19456
    time_cost: int = 2
    parallelism: int = 1


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the password was right, and a better hash to store when the old one is outdated."""

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
    """Hashes and verifies; costly, so that it belongs into a thread."""

    cost: HashingCost = field(default_factory=HashingCost)
    peppers: Peppering = field(default_factory=Peppering)
    context: CryptContext = field(init=False)
    _nobody: str = field(init=False)

    def __post_init__(self) -> None:
        self.context = make_context(self.cost)
        self._nobody = self.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """The hash to store."""
        pepper_id = self.peppers.current_id
        mixed = self.peppers.mix(normal_password(password), pepper_id)
        return str(PepperedHash(pepper_id, str(self.context.hash(mixed))))

    def verify(self, password: str, stored: str | None) -> Verification:
        """Compare with a stored hash; without one, the same work for nothing."""
        if stored is None:
            return self._verify_nobody(password)
        parts = PepperedHash.parse(stored)
        try:
            candidate = self.peppers.mix(normal_password(password), parts.pepper_id)
            matches = bool(self.context.verify(candidate, parts.hash))
        except ValueError:
            # bcrypt takes no more than 72 bytes; such a password was never this hash's.
            return self._verify_nobody(password)
        except PepperUnknown as unknown:
            log.warning("password_pepper_unknown", pepper=str(unknown))
            return self._verify_nobody(password)
        outdated = matches and self._is_outdated(parts)
        return Verification(matches, self.hash(password) if outdated else None)

    def recognises(self, stored: str) -> bool:
        """Whether a hash of another system is one that passwords can be compared with."""
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

    def _verify_nobody(self, password: str) -> Verification:
        self.context.verify(
            self.peppers.mix(normal_password(password), self.peppers.current_id),
            PepperedHash.parse(self._nobody).hash,
        )
        return Verification(matches=False)


def normal_password(password: str) -> str:
    """One spelling for what looks the same, whichever keyboard typed it (NIST SP 800-63B)."""
    return unicodedata.normalize("NFC", password)
