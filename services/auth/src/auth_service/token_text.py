"""Tokens of one use: an ID, by which the row is found, and 256 bits that only the bearer has."""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

SECRET_BYTES: Final = 32
ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class TokenText:
    """A token as its bearer has it."""

    token_id: UUID
    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls, token_id: UUID) -> "TokenText":
        return cls(token_id, secrets.token_bytes(SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "TokenText | None":
        """Read a presented token; None when it is malformed."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        if len(raw) != ID_BYTES + SECRET_BYTES:
            return None
        return cls(UUID(bytes=raw[:ID_BYTES]), raw[ID_BYTES:])

    @property
    def text(self) -> str:
        return base64.urlsafe_b64encode(self.token_id.bytes + self.secret).decode()

    @property
    def secret_hash(self) -> bytes:
        """What is stored. A slow hash adds nothing to 256 random bits."""
        return hashlib.sha256(self.secret).digest()

    def matches(self, secret_hash: bytes) -> bool:
        return hmac.compare_digest(self.secret_hash, secret_hash)
