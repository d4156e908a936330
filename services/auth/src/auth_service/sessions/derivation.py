"""Refresh tokens: 256 random bits, and successors that are derived instead of drawn.

The successor is the HMAC of the presented token under a key of the server. Parallel uses of one
token, a lost answer or three tabs so get the same successor, and nothing in plain text is stored.
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
    """Draws first tokens and derives successors under `key`."""

    key: bytes

    def first(self) -> str:
        """The first token of a session."""
        return secrets.token_urlsafe(TOKEN_BYTES)

    def successor(self, token: str) -> str:
        """The one token that follows this one."""
        mac = hmac.new(self.key, LABEL + token.encode(), hashlib.sha256).digest()
        return _urlsafe(mac)


def token_hash(token: str) -> bytes:
    """What is stored of a token. A slow hash adds nothing to 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def is_well_formed(token: str) -> bool:
    """Whether a string can be a refresh token at all."""
    try:
        return len(decode_segment(token)) == TOKEN_BYTES
    except (TokenRefused, UnicodeEncodeError):
        return False


def _urlsafe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
