"""What Traefik says of a client's request, read from the request that it sends us about it."""

from typing import Final, NamedTuple

from gateway.policy.headers import HeaderMap, RawHeaders

FORWARDED_FOR: Final = b"x-forwarded-for"


class Forwarded(NamedTuple):
    """The client's headers, and the address that its connection to the edge came from."""

    headers: HeaderMap
    peer: str | None


def read_forwarded(raw: RawHeaders) -> Forwarded:
    """Take the last hop off `X-Forwarded-For`: the edge has written it, and is believed.

    What is left of the header is what the client, or a proxy before the edge, has sent; the policy
    judges it by the networks it trusts.
    """
    headers = HeaderMap(raw)
    written = headers.all(FORWARDED_FOR)
    if not written:
        return Forwarded(headers, None)
    before, _, last = b", ".join(written).rpartition(b",")
    headers.put(FORWARDED_FOR, before)
    return Forwarded(headers, last.strip().decode("latin-1"))
