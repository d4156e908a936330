"""The rule of every limit: GCRA, the generic cell rate algorithm (ITU-T I.371), in microseconds.

A limit of n requests in w seconds admits n at once, and after that one each w / n seconds. The only
state of a key is the moment at which its account is empty again.
"""

import hashlib
import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final

from auth_service.fields import normal_email

# One subscriber holds a whole /64 at least (RFC 6177): single addresses cost nothing.
IPV6_PREFIX: Final = 64
MICROSECONDS: Final = 1_000_000
_FORM: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many requests in a window; written `20/60` in the configuration."""

    requests: int
    window_seconds: int

    @classmethod
    def parse(cls, value: Any) -> "Limit":
        """Read `requests/seconds`. Raises ValueError."""
        if isinstance(value, Limit):
            return value
        match = _FORM.fullmatch(str(value).strip())
        if match is None:
            raise ValueError("must be written as requests/seconds, such as 20/60")
        return cls(int(match[1]), int(match[2]))

    @property
    def window_us(self) -> int:
        return self.window_seconds * MICROSECONDS

    @property
    def interval_us(self) -> int:
        return max(1, self.window_us // self.requests)


@dataclass(frozen=True, slots=True)
class Policy:
    """A limit with its public name, and the stricter one of each process without Redis."""

    name: str
    limit: Limit
    degraded: Limit | None = None

    @property
    def without_redis(self) -> Limit:
        return self.degraded or self.limit


@dataclass(frozen=True, slots=True)
class Spending:
    """A policy that a request counts against, and the account."""

    policy: Policy
    account: str

    @property
    def key(self) -> str:
        return f"q:auth-{self.policy.name}:{self.account}"


@dataclass(frozen=True, slots=True)
class Denial:
    """The policy that refused, and after how long it admits a request."""

    policy: Policy
    wait_us: int

    @property
    def retry_after_seconds(self) -> int:
        """Whole seconds, rounded up, so that waiting that long is enough."""
        return max(1, -(-self.wait_us // MICROSECONDS))


@dataclass(frozen=True, slots=True)
class Spent:
    """The account after a request: when it is empty, and by how much the request was too early."""

    empty_at_us: int
    wait_us: int


def spend(empty_at_us: int, now_us: int, limit: Limit) -> Spent:
    """Take one request from an account; with `wait_us` above zero it was refused."""
    empty_at = max(empty_at_us, now_us) + limit.interval_us
    return Spent(empty_at, max(0, empty_at - now_us - limit.window_us))


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
