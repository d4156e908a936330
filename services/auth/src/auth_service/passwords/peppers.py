"""Peppers: keys that only the environment holds, mixed into passwords before they are hashed.

A stolen table alone then allows no guessing at all. A stored hash names its pepper:
`$pepper$<id>$argon2id$…`; without the prefix there was none.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PREFIX: Final = "$pepper$"


class PepperUnknown(Exception):
    """A stored hash needs a pepper that AUTH_PASSWORD_PEPPERS no longer has."""


@dataclass(frozen=True, slots=True)
class PepperedHash:
    """A stored hash, taken apart."""

    pepper_id: str | None
    hash: str

    @classmethod
    def parse(cls, stored: str) -> "PepperedHash":
        """Take a stored hash apart."""
        if not stored.startswith(PREFIX):
            return cls(None, stored)
        pepper_id, _, rest = stored.removeprefix(PREFIX).partition("$")
        return cls(pepper_id, f"${rest}")

    def __str__(self) -> str:
        return self.hash if self.pepper_id is None else f"{PREFIX}{self.pepper_id}{self.hash}"


@dataclass(frozen=True, slots=True)
class Peppering:
    """Mixes passwords with peppers, the current of which is the first; there may be none."""

    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def current_id(self) -> str | None:
        """The pepper of new hashes."""
        return next(iter(self.keys), None)

    def mix(self, password: str, pepper_id: str | None) -> str:
        """What is hashed in the password's place. Raises PepperUnknown."""
        if pepper_id is None:
            return password
        key = self.keys.get(pepper_id)
        if key is None:
            raise PepperUnknown(pepper_id)
        # Text, since some hash functions stop at a zero byte.
        return base64.b64encode(hmac.new(key, password.encode(), hashlib.sha256).digest()).decode()
