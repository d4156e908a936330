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
from common.known_devices import ID_BYTES, MAC_BYTES, mark

LABEL: Final = b"masijala known device v1\x00"


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of one account; `counter` is what its failed sign-ins are counted under."""

    token: str = field(repr=False)
    counter: bytes


@dataclass(frozen=True, slots=True)
class Devices:
    """Makes and recognises tokens. One key may serve other purposes too: the label parts them.

    `gateway_key` makes the mark by which the gateway knows a device of any account.
    """

    key: bytes = field(repr=False)
    gateway_key: str = field(default="", repr=False)

    def new(self, email: str) -> KnownDevice:
        """A device that has just signed in with this address."""
        device_id = secrets.token_bytes(ID_BYTES)
        return self._known(device_id + self._mac(device_id, email))

    def find(self, tokens: Iterable[str], email: str) -> KnownDevice | None:
        """The device among these tokens that has signed in with this address, if any."""
        for token in tokens:
            raw = _decoded(token)[: ID_BYTES + MAC_BYTES]
            if hmac.compare_digest(raw[ID_BYTES:], self._mac(raw[:ID_BYTES], email)):
                return self._known(raw)
        return None

    def _known(self, raw: bytes) -> KnownDevice:
        """With the mark of today's key: earlier tokens have another one, or none."""
        token = base64.urlsafe_b64encode(raw + mark(self.gateway_key, raw)).decode()
        return KnownDevice(token, _counter(raw))

    def _mac(self, device_id: bytes, email: str) -> bytes:
        return hmac.new(self.key, LABEL + device_id + email_hash(email), hashlib.sha256).digest()


def _decoded(token: str) -> bytes:
    try:
        return decode_segment(token)
    except (TokenRefused, UnicodeEncodeError):
        return b""


def _counter(raw: bytes) -> bytes:
    return hashlib.sha256(LABEL + raw).digest()
