"""What Traefik says of a client's request, read from the request that it sends us about it."""

from dataclasses import dataclass
from typing import Final

from gateway.policy.headers import HeaderMap, RawHeaders

FORWARDED_FOR: Final = b"x-forwarded-for"


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The client's headers, and the address that its connection to the edge came from."""

    headers: HeaderMap
    peer: str | None


def read_forwarded(raw: RawHeaders) -> Forwarded:
    """Take the last hop off `X-Forwarded-For`: the edge has written it, and is believed.

    What is left of the header is what the client, or a proxy before the edge, has said; the policy
    judges it by the networks it trusts.
    """
    kept: list[tuple[bytes, bytes]] = []
    hops: list[bytes] = []
    for name, value in raw:
        if name == FORWARDED_FOR:
            hops += [hop.strip() for hop in value.split(b",")]
        else:
            kept.append((name, value))
    peer = hops.pop().decode("latin-1") if hops else None
    if hops:
        kept.append((FORWARDED_FOR, b", ".join(hops)))
    return Forwarded(HeaderMap(kept), peer)
