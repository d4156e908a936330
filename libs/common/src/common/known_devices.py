"""The mark by which the gateway knows a device that has signed in before.

Auth makes it, under the key that both share for assertions, as a part of the device's token. Auth
itself checks the rest of the token, which also names the account. Strangers behind the address of
a courthouse use up the address's quotas; a device that is known there has its own.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

COOKIE: Final = "masijala_device"
HOST_COOKIE: Final = f"__Host-{COOKIE}"
# A computer at a counter is used by several people.
MOST: Final = 5
ID_BYTES: Final = 16
MAC_BYTES: Final = 32
# Together with these the token is a multiple of three, and its text has no padding.
MARK_BYTES: Final = 15
TOKEN_BYTES: Final = ID_BYTES + MAC_BYTES + MARK_BYTES
_LABEL: Final = b"masijala known device mark v1\x00"


def mark(key: str, unmarked: bytes) -> bytes:
    """The mark of a token that is complete but for it."""
    return hmac.new(key.encode(), _LABEL + unmarked, hashlib.sha256).digest()[:MARK_BYTES]


def device_of(tokens: Iterable[bytes], key: str) -> str | None:
    """The ID, in hex, of the first of these tokens whose mark is right."""
    for token in tokens:
        raw = _decoded(token)
        unmarked = raw[:-MARK_BYTES]
        if len(raw) == TOKEN_BYTES and hmac.compare_digest(raw[-MARK_BYTES:], mark(key, unmarked)):
            return raw[:ID_BYTES].hex()
    return None


def _decoded(token: bytes) -> bytes:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True)
    except binascii.Error:
        return b""
