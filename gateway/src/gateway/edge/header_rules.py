"""Which headers cross the edge: nothing hop-by-hop, and no identity but the one we vouch for."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from gateway.policy.headers import HeaderMap

# RFC 9110, 7.6.1, and the older ones that are still sent.
HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"http2-settings",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"trailers",
        b"transfer-encoding",
        b"upgrade",
    }
)
# Headers that would let a client say who or where it is, or what it asks for, past the policy.
CLAIMS: Final = frozenset(
    {
        b"authorization",
        b"cf-connecting-ip",
        b"client-ip",
        b"fastly-client-ip",
        b"forwarded",
        b"true-client-ip",
        b"via",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"x-http-method",
        b"x-http-method-override",
        b"x-method-override",
        b"x-original-host",
        b"x-original-method",
        b"x-original-uri",
        b"x-original-url",
        b"x-real-ip",
        b"x-rewrite-url",
    }
)
_CLAIM_PREFIXES: Final = (b"x-forwarded-", b"x-gateway-", b"x-user-", b"x-auth-")
_CLAIM_STEMS: Final = frozenset(prefix.removesuffix(b"-") for prefix in _CLAIM_PREFIXES)
# Set anew by the edge, or spoken between the client and the edge only.
_OWN: Final = frozenset(
    {b"content-length", b"expect", b"host", b"traceparent", b"tracestate", b"x-request-id"}
)
_NEVER_IMITATED: Final = frozenset({b"content-type", b"cookie", b"origin"})
_LOOK_ALIKES: Final = bytes.maketrans(b"_.", b"--")

_RESPONSE_OWN: Final = frozenset(
    {b"date", b"ratelimit", b"ratelimit-policy", b"server", b"x-request-id"}
)


@lru_cache(maxsize=4096)
def forwardable(name: bytes) -> bool:
    """Whether a client's header of this name may reach an upstream."""
    canonical = name.lower().translate(_LOOK_ALIKES)
    if canonical in HOP_BY_HOP or canonical in CLAIMS or canonical in _OWN:
        return False
    if canonical != name and canonical in _NEVER_IMITATED:
        return False
    return canonical not in _CLAIM_STEMS and not canonical.startswith(_CLAIM_PREFIXES)


@lru_cache(maxsize=1024)
def returnable(name: bytes) -> bool:
    """Whether an upstream's header of this name may reach the client."""
    lowered = name.lower()
    if lowered in HOP_BY_HOP or lowered in _RESPONSE_OWN:
        return False
    return not lowered.startswith((b"access-control-", b"x-gateway-"))


def named_by_connection(values: Iterable[bytes]) -> frozenset[bytes]:
    """The headers that `Connection` declares to be for one hop only."""
    return frozenset(name.strip().lower() for value in values for name in value.split(b","))


def request_headers(
    raw: Iterable[tuple[bytes, bytes]], headers: HeaderMap, *, authorization: bool
) -> list[tuple[bytes, bytes]]:
    """The client's headers as far as they may go; `authorization` lets that one through."""
    connection = headers.all(b"connection")
    dropped = named_by_connection(connection) if connection else frozenset()
    return [
        pair
        for pair in raw
        if (forwardable(pair[0]) or (authorization and pair[0] == b"authorization"))
        and pair[0] not in dropped
    ]


def response_headers(raw: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The upstream's headers, their names in lower case, as far as they may go."""
    kept = [pair for pair in raw if returnable(pair[0])]
    connection = [value for name, value in raw if name == b"connection"]
    if not connection:
        return kept
    dropped = named_by_connection(connection)
    return [pair for pair in kept if pair[0] not in dropped]
