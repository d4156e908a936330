"""Whose account a try is spent from: an e-mail address as a hash, an IP address by its network."""

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from auth_service.users.email import normal_email

# One subscriber holds a whole /64 at least (RFC 6177): single addresses cost nothing.
IPV6_PREFIX: Final = 64


def email_hash(address: str) -> bytes:
    """What stands for an e-mail address, whether anyone signs in by it or not."""
    return text_hash(normal_email(address))


def text_hash(text: str) -> bytes:
    """A hash of whatever somebody typed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def address_account(ip: str | None) -> str:
    """The network that an address counts for."""
    try:
        address = ip_address(ip or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address.packed, IPV6_PREFIX), strict=False))
    return str(address)
