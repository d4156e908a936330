"""Refresh tokens: 256 random bits, and successors that are derived instead of random.

The successor is the HMAC of the presented token under a key of the server. Parallel uses of one
token, from several tabs or after a lost answer, get the same successor, and no token is stored in
plain text.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from common.jws import TokenRefused, decode_segment

TOKEN_BYTES: Final = 32
LABEL: Final = b"masijala refresh successor v1\x00"


@dataclass(frozen=True, slots=True)
class RefreshTokens:
    """Makes first tokens at random and derives successors under `key`."""

    key: bytes

    def first(self) -> str:
        return secrets.token_urlsafe(TOKEN_BYTES)

    def successor(self, token: str) -> str:
        """The one token that follows this one."""
        mac = hmac.new(self.key, LABEL + token.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What is stored of a token. A slow hash adds nothing to 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def is_well_formed(token: str) -> bool:
    """Whether a string has the form of a refresh token."""
    try:
        return len(decode_segment(token)) == TOKEN_BYTES
    except (TokenRefused, UnicodeEncodeError):
        return False
