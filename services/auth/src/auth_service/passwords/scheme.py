"""How passwords are hashed now, and how they may have been hashed before.

Before hashing, a password is mixed with a pepper, a key that only the environment has: a stolen
table alone allows no guessing. A stored hash names its pepper, `$pepper$<id>$argon2id$…`; without
the prefix there was none.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from passlib.context import CryptContext

from auth_service.passwords.foreign import fault_of
from common.logs import get_logger

PREFIX: Final = "$pepper$"
BCRYPT: Final = re.compile(r"\$2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}")
BCRYPT_BYTES: Final = 72

log = get_logger(__name__)


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
        """What is hashed instead of the password; the pepper is one of ours."""
        if pepper_id is None:
            return password
        key = self.keys[pepper_id]
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
    """Hashes and verifies; expensive, so run it in a thread.

    A password that does not match is compared with one hash of every kind that accounts have
    (`kind_of`), so that a refusal takes equally long whatever the account's own hash is.
    """

    cost: HashingCost = field(default_factory=HashingCost)
    peppers: Peppering = field(default_factory=Peppering)
    context: CryptContext = field(init=False)
    _dummy: str = field(init=False, repr=False)
    _samples: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.context = make_context(self.cost)
        self._dummy = self.hash(secrets.token_urlsafe(32))
        self.learn(())

    def learn(self, samples: Iterable[str]) -> None:
        """Take these hashes as samples of the kinds that accounts have, besides the current one."""
        known = [stored for stored in samples if self._unusable(stored) is None]
        self._samples = {kind_of(stored): stored for stored in (*known, self._dummy)}

    def hash(self, password: str) -> str:
        """The hash to store."""
        pepper_id = self.peppers.current_id
        mixed = self.peppers.mix(normal_password(password), pepper_id)
        return str(PepperedHash(pepper_id, str(self.context.hash(mixed))))

    def verify(self, password: str, stored: str | None) -> Verification:
        """Compare with a stored hash; without one, or without success, do the same work."""
        if stored is not None and (reason := self._unusable(stored)) is not None:
            log.warning("password_hash_unusable", reason=reason)
            stored = None
        if stored is not None:
            self._learn_new(stored)
            if self._compare(password, stored):
                outdated = self._is_outdated(password, stored)
                return Verification(True, self.hash(password) if outdated else None)
        done = kind_of(stored) if stored is not None else None
        for kind, sample in self._samples.items():
            if kind != done:
                self._compare(password, sample)
        return Verification(matches=False)

    def fault(self, stored: str) -> str | None:
        """Why passwords cannot be compared with this hash of another system; None if they can."""
        return fault_of(stored, self.context)

    def _learn_new(self, stored: str) -> None:
        """Know a kind at once that was imported since the samples were read."""
        if kind_of(stored) not in self._samples:
            self._samples = {kind_of(stored): stored, **self._samples}

    def _compare(self, password: str, stored: str) -> bool:
        """Whether the password matches, in any form that the hash may be of.

        Each form is tried: how many there are depends on the password alone.
        """
        parts = PepperedHash.parse(stored)
        return any(self._matches(form, parts.hash) for form in self._forms(password, parts))

    def _unusable(self, stored: str) -> str | None:
        parts = PepperedHash.parse(stored)
        if parts.pepper_id is not None and parts.pepper_id not in self.peppers.keys:
            return f"the pepper {parts.pepper_id} is unknown"
        return self.fault(parts.hash)

    def _forms(self, password: str, parts: PepperedHash) -> Iterable[str]:
        normal = normal_password(password)
        if parts.pepper_id is not None:
            return (self.peppers.mix(normal, parts.pepper_id),)
        # An older system may have hashed what was typed, in whichever form the keyboard gave.
        return dict.fromkeys((normal, password, unicodedata.normalize("NFD", password)))

    def _matches(self, form: str, stored: str) -> bool:
        # bcrypt has always ignored what comes after 72 bytes; its library now refuses to.
        is_bcrypt = BCRYPT.fullmatch(stored) is not None
        secret = form.encode()[:BCRYPT_BYTES] if is_bcrypt else form
        try:
            return bool(self.context.verify(secret, stored))
        except ValueError:
            return False

    def _is_outdated(self, password: str, stored: str) -> bool:
        """Whether a hash is to be replaced; one of another form of the password is as well."""
        parts = PepperedHash.parse(stored)
        if parts.pepper_id != self.peppers.current_id or self.context.needs_update(parts.hash):
            return True
        normal = normal_password(password)
        is_ambiguous = parts.pepper_id is None and not password.isascii()
        return is_ambiguous and not self._matches(normal, parts.hash)


def kind_of(stored: str) -> str:
    """Everything of a hash that decides how long it takes: scheme, cost, with a pepper or not."""
    parts = PepperedHash.parse(stored)
    fields = 1 if BCRYPT.fullmatch(parts.hash) else 2  # bcrypt's salt and digest are one
    cost = parts.hash.rsplit("$", fields)[0]
    return cost if parts.pepper_id is None else PREFIX + cost


def normal_password(password: str) -> str:
    """One form for text that looks the same, whatever the keyboard (NIST SP 800-63B)."""
    return unicodedata.normalize("NFC", password)
