"""Accounts of limits in Redis, where all replicas see them: one script, atomic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

from auth_service.limits.rules import Denial, Spending

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
    """Spends in Redis. Raises `redis.RedisError` or `OSError` when it is unavailable."""

    redis: Redis

    async def spend(self, spendings: Sequence[Spending]) -> Denial | None:
        """Spend every account, or none and say which was empty."""
        keys = [spending.key for spending in spendings]
        limits = [spending.policy.limit for spending in spendings]
        numbers = [number for limit in limits for number in (limit.interval_us, limit.window_us)]
        answer: Any = await self.redis.eval(SPEND, len(keys), *keys, *map(str, numbers))
        denied, wait_us = (int(number) for number in answer)
        return Denial(spendings[denied - 1].policy, wait_us) if denied else None
