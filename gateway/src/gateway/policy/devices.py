"""Devices that have signed in before, by the cookie that auth gives them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from common.known_devices import COOKIE, HOST_COOKIE, MOST, device_of
from gateway.policy.headers import HeaderMap

_NAMES: Final = frozenset({COOKIE.encode(), HOST_COOKIE.encode()})


@dataclass(frozen=True, slots=True)
class KnownDevices:
    """`key` is the one of assertions for auth."""

    key: str = field(repr=False)

    def find(self, headers: HeaderMap) -> str | None:
        """The device that sends these headers, when auth has marked it."""
        for tokens in _cookies(headers):
            device = device_of(tokens.split(b".")[:MOST], self.key)
            if device is not None:
                return device
        return None


def _cookies(headers: HeaderMap) -> Iterator[bytes]:
    for line in headers.all(b"cookie"):
        for pair in line.split(b";"):
            name, _, value = pair.strip().partition(b"=")
            if name in _NAMES:
                yield value
