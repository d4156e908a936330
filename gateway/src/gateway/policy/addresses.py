"""Step 3: the client's address, as far as proxies that we trust vouch for it."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNKNOWN: Final = IPv4Address("0.0.0.0")  # noqa: S104 - an address that means "none", not a bind
_MAX_HOPS: Final = 32
_CACHED_ADDRESSES: Final = 8192


@lru_cache(maxsize=_CACHED_ADDRESSES)
def parse_address(text: str) -> Address | None:
    """An address, also in the forms `1.2.3.4:80` and `[::1]:80`; IPv4 in IPv6 becomes IPv4."""
    host = text
    if text.startswith("["):
        host, _, _ = text[1:].partition("]")
    elif text.count(":") == 1:
        host, _, _ = text.partition(":")
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return None
        return address.ipv4_mapped or address
    return address


@lru_cache(maxsize=_CACHED_ADDRESSES)
def quota_bucket(address: Address) -> str:
    """Whose quota an address spends: its own, or its /64 where one client has a whole one."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)


class AddressRules:
    """Finds the client behind trusted proxies and says whether it may call at all."""

    def __init__(
        self,
        trusted: Sequence[Network],
        allowed: Sequence[Network] = (),
        denied: Sequence[Network] = (),
    ) -> None:
        self._allowed = tuple(allowed)
        self._denied = tuple(denied)
        networks = tuple(trusted)

        @lru_cache(maxsize=_CACHED_ADDRESSES)
        def trusts(address: Address) -> bool:
            return _within(address, networks)

        self.trusts = trusts

    def locate(self, peer: str | None, forwarded_for: Sequence[bytes]) -> Address:
        """Walk `X-Forwarded-For` from the right for as long as the hop that wrote it is trusted."""
        client = parse_address(peer) if peer is not None else None
        if client is None:
            return UNKNOWN
        if not forwarded_for or not self.trusts(client):
            return client
        hops = b",".join(forwarded_for).decode("latin-1").split(",")
        for hop in reversed(hops[-_MAX_HOPS:]):
            address = parse_address(hop.strip())
            if address is None:
                return client  # a trusted hop wrote no address: it is the last we know
            client = address
            if not self.trusts(client):
                return client
        return client

    def vouches(self, peer: str | None) -> bool:
        """Whether a connection comes from a trusted proxy, whose word on the request counts."""
        address = parse_address(peer) if peer is not None else None
        return address is not None and self.trusts(address)

    def admits(self, address: Address) -> bool:
        """Whether the lists let this address in; without an allow list everyone may."""
        if self._denied and _within(address, self._denied):
            return False
        return not self._allowed or _within(address, self._allowed)


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
