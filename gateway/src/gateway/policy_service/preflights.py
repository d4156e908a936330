"""Preflights (Fetch standard, 3.2.2): answered here, with the methods that the path really takes.

Traefik alone gives permissions on the answers that follow; its own answer to a preflight names the
same methods for every path, and serves only while this service is unavailable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.policy.cors import MAX_AGE_SECONDS, METHODS
from gateway.policy.headers import HeaderMap
from gateway.policy.origins import Origins
from gateway.policy_service.exchange import HeaderList

_VARY: Final = (
    b"vary",
    b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
)


def is_preflight(method: str, headers: HeaderMap) -> bool:
    """Whether a browser asks for permission rather than for the resource."""
    return (
        method == "OPTIONS"
        and bool(headers.all(b"origin"))
        and bool(headers.all(b"access-control-request-method"))
    )


@dataclass(frozen=True, slots=True)
class Preflights:
    """What pages of allowed origins may send; any other page gets no permission at all."""

    origins: Origins
    credentials: bool
    request_headers: Sequence[str]

    def headers(self, requested: HeaderMap, methods: Sequence[str]) -> HeaderList:
        """The answer; a path that takes no method may be requested, so that its 404 can be read."""
        origin = requested.only(b"origin")
        if origin is None or not self.origins.allows(origin):
            return [_VARY]
        return [
            _VARY,
            (b"access-control-allow-origin", origin),
            *([(b"access-control-allow-credentials", b"true")] if self.credentials else []),
            (b"access-control-allow-methods", ", ".join(methods or METHODS).encode()),
            (b"access-control-allow-headers", ", ".join(self.request_headers).encode()),
            (b"access-control-max-age", str(MAX_AGE_SECONDS).encode()),
        ]
