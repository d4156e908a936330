"""How requests are counted: GCRA, the generic cell rate algorithm (ITU-T I.371), in microseconds.

A limit of n requests in w seconds admits n at once, and after that one each w / n seconds. The only
state of a key is the moment at which its account is empty again: in Redis for all replicas, or in
this process without it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic_ns
from typing import Any, ClassVar, Final

from redis.asyncio import Redis

from common.errors import DomainError

# One subscriber holds a whole /64 at least (RFC 6177): single addresses cost nothing.
IPV6_PREFIX: Final = 64
MICROSECONDS: Final = 1_000_000
_FORM: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,6})")
# Beyond this number unused accounts are dropped, then all: memory stays bounded under attack.
MAX_ACCOUNTS: Final = 50_000
# All accounts are spent or none is. Redis's own clock counts: replicas' clocks differ.
SPEND: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local empty_at, denied, wait = {}, 0, 0
for i, key in ipairs(KEYS) do
  local interval, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local start = math.max(tonumber(redis.call('GET', key) or '0'), now)
  -- Later than a window from now only after the clock was set back, or the window shortened.
  if start > now + window then start = now end
  empty_at[i] = start + interval
  local early = empty_at[i] - now - window
  if early > wait then denied, wait = i, early end
end
if denied == 0 then
  for i, key in ipairs(KEYS) do
    local life = math.ceil((empty_at[i] - now) / 1000)
    redis.call('SET', key, string.format('%.0f', empty_at[i]), 'PX', life)
  end
end
return {denied, wait}
"""


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
    # Later than a window from now only after the clock was set back, or the window shortened.
    start = now_us if empty_at_us > now_us + limit.window_us else max(empty_at_us, now_us)
    empty_at = start + limit.interval_us
    return Spent(empty_at, max(0, empty_at - now_us - limit.window_us))


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


@dataclass(frozen=True, slots=True)
class SharedLimits:
    """Counts in Redis. Raises `redis.RedisError` or `OSError` when it is unavailable."""

    redis: Redis

    async def spend(self, spendings: Sequence[Spending]) -> Denial | None:
        """Spend from every account, or from none; the denial names the one that was empty."""
        keys = [spending.key for spending in spendings]
        limits = [spending.policy.limit for spending in spendings]
        numbers = [number for limit in limits for number in (limit.interval_us, limit.window_us)]
        answer: Any = await self.redis.eval(SPEND, len(keys), *keys, *map(str, numbers))
        denied, wait_us = (int(number) for number in answer)
        return Denial(spendings[denied - 1].policy, wait_us) if denied else None


def _now_us() -> int:
    return monotonic_ns() // 1000


@dataclass(slots=True)
class LocalLimits:
    """Counts in memory, with the stricter limits that apply without Redis."""

    now_us: Callable[[], int] = _now_us
    empty_at_us: dict[str, int] = field(default_factory=dict)

    def spend(self, spendings: Sequence[Spending]) -> Denial | None:
        """Spend from every account, or from none; the denial names the one that was empty."""
        now = self.now_us()
        self._bound(now)
        after: dict[str, int] = {}
        for spending in spendings:
            limit = spending.policy.without_redis
            spent = spend(self.empty_at_us.get(spending.key, 0), now, limit)
            if spent.wait_us:
                return Denial(spending.policy, spent.wait_us)
            after[spending.key] = spent.empty_at_us
        self.empty_at_us.update(after)
        return None

    def _bound(self, now: int) -> None:
        if len(self.empty_at_us) < MAX_ACCOUNTS:
            return
        self.empty_at_us = {key: at for key, at in self.empty_at_us.items() if at > now}
        if len(self.empty_at_us) >= MAX_ACCOUNTS:
            self.empty_at_us.clear()


class RateLimited(DomainError):
    """More requests than a limit allows (RFC 6585, 4).

    Code and fields (draft-ietf-httpapi-ratelimit-headers) are those of the gateway's quotas.
    The body names the limit as well: the gateway overwrites the fields with its own quotas.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.TOO_MANY_REQUESTS
    code: ClassVar[str] = "quota-exceeded"
    title: ClassVar[str] = "Too many requests; try again later"
    example: ClassVar[Mapping[str, Any]] = {"violated-policies": ["login-account"]}

    @classmethod
    def of(cls, denial: Denial) -> "RateLimited":
        return cls._after(denial.policy.name, denial.policy.limit, denial.retry_after_seconds)

    @classmethod
    def backing_off(cls, seconds: int) -> "RateLimited":
        """The refusal of a sign-in during the back-off after failed ones."""
        return cls._after("login-backoff", Limit(1, seconds), seconds)

    @classmethod
    def _after(cls, name: str, limit: Limit, seconds: int) -> "RateLimited":
        return cls(
            f"Too many attempts; try again in {seconds} s",
            extra={"violated-policies": [name]},
            headers={
                "Retry-After": str(seconds),
                "RateLimit-Policy": f'"{name}";q={limit.requests};w={limit.window_seconds}',
                "RateLimit": f'"{name}";r=0;t={seconds}',
            },
        )
