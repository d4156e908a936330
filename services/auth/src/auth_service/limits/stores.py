"""Where limits are counted: in Redis for all replicas, or in this process without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic_ns
from typing import Any, Final

from redis.asyncio import Redis

from auth_service.limits.rules import Denial, Spending, spend

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
