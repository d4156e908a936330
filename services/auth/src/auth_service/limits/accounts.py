"""The keys that limits count by: the hash of an e-mail address, the network of an IP address."""

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from auth_service.users.email import normal_email

# One subscriber holds a whole /64 at least (RFC 6177): single addresses cost nothing.
IPV6_PREFIX: Final = 64


def email_hash(address: str) -> bytes:
    """The hash of a normalised e-mail address, whether or not a user has it."""
    return text_hash(normal_email(address))


def text_hash(text: str) -> bytes:
    """The hash of any input, valid Unicode or not."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def address_account(ip: str | None) -> str:
    """The network that an IP address is counted in."""
    try:
        address = ip_address(ip or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address.packed, IPV6_PREFIX), strict=False))
    return str(address)
