"""CORS (Fetch standard, 3.2): decided here for every response, so that errors are readable too."""

import re
from collections.abc import Sequence
from typing import Final

from gateway.policy.headers import HeaderMap
from gateway.settings import REGEX

HeaderList = list[tuple[bytes, bytes]]

MAX_AGE_SECONDS: Final = 7200
METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS: Final = (
    b"Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, "
    b"If-None-Match, Last-Event-ID, Traceparent, Tracestate, X-CSRF, X-Request-ID"
)
EXPOSED: Final = (
    b"X-Request-ID, RateLimit, RateLimit-Policy, Retry-After, ETag, Location, Link, "
    b"Content-Disposition, Deprecation, Sunset"
)
_VARY: Final = (b"vary", b"Origin")
_VARY_PREFLIGHT: Final = (
    b"vary",
    b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
)
_MAX_ORIGIN_BYTES: Final = 512


def is_preflight(method: str, headers: HeaderMap) -> bool:
    """Whether a browser asks for permission rather than for the resource."""
    return (
        method == "OPTIONS"
        and bool(headers.all(b"origin"))
        and bool(headers.all(b"access-control-request-method"))
    )


class Cors:
    """The allow-list; without a match a response carries no permission, only `Vary`."""

    def __init__(self, origins: Sequence[str], *, credentials: bool) -> None:
        self._exact = frozenset(
            origin.encode() for origin in origins if not origin.startswith(REGEX)
        )
        self._patterns = tuple(
            re.compile(origin.removeprefix(REGEX).encode(), re.ASCII)
            for origin in origins
            if origin.startswith(REGEX)
        )
        self._any = b"*" in self._exact
        self._credentials = credentials

    def allows(self, origin: bytes | None) -> bool:
        """Whether pages of this origin may read our answers."""
        if origin is None or len(origin) > _MAX_ORIGIN_BYTES:
            return False
        if self._any or origin in self._exact:
            return True
        return any(pattern.fullmatch(origin) for pattern in self._patterns)

    def response_headers(self, headers: HeaderMap) -> HeaderList:
        """What every response to this request carries."""
        origin = headers.only(b"origin")
        if origin is None or not self.allows(origin):
            return [_VARY]
        return [
            _VARY,
            *self._permission(origin),
            (b"access-control-expose-headers", EXPOSED),
        ]

    def preflight_headers(self, headers: HeaderMap) -> HeaderList:
        """The answer to a preflight."""
        origin = headers.only(b"origin")
        if origin is None or not self.allows(origin):
            return [_VARY_PREFLIGHT]
        return [
            _VARY_PREFLIGHT,
            *self._permission(origin),
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", REQUEST_HEADERS),
            (b"access-control-max-age", str(MAX_AGE_SECONDS).encode()),
        ]

    def _permission(self, origin: bytes) -> HeaderList:
        if not self._credentials:
            return [(b"access-control-allow-origin", b"*" if self._any else origin)]
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
        ]
