"""Devices that have signed in to an account before, by a token that the device keeps.

Strangers who guess at an account use up what strangers may try. A known device has counters of its
own, so that its owner still gets in (OWASP, "Device cookies"). The token gives no access: without
the right password it is worth its own few tries.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from auth_service.fields import email_hash
from common.jws import TokenRefused, decode_segment

ID_BYTES: Final = 16
MAC_BYTES: Final = 32
LABEL: Final = b"masijala known device v1\x00"


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of one account; `counter` is what its failed sign-ins are counted under."""

    token: str = field(repr=False)
    counter: bytes


@dataclass(frozen=True, slots=True)
class Devices:
    """Makes and recognises tokens. One key may serve other purposes too: the label parts them."""

    key: bytes = field(repr=False)

    def new(self, email: str) -> KnownDevice:
        """A device that has just signed in with this address."""
        device_id = secrets.token_bytes(ID_BYTES)
        raw = device_id + self._mac(device_id, email)
        return KnownDevice(base64.urlsafe_b64encode(raw).decode(), _counter(raw))

    def find(self, tokens: Iterable[str], email: str) -> KnownDevice | None:
        """The device among these tokens that has signed in with this address, if any."""
        for token in tokens:
            raw = _decoded(token)
            if hmac.compare_digest(raw[ID_BYTES:], self._mac(raw[:ID_BYTES], email)):
                return KnownDevice(token, _counter(raw))
        return None

    def _mac(self, device_id: bytes, email: str) -> bytes:
        return hmac.new(self.key, LABEL + device_id + email_hash(email), hashlib.sha256).digest()


def _decoded(token: str) -> bytes:
    try:
        return decode_segment(token)
    except (TokenRefused, UnicodeEncodeError):
        return b""


def _counter(raw: bytes) -> bytes:
    return hashlib.sha256(LABEL + raw).digest()
