"""The marks in Redis, and the protocol by which its lost memory is restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from redis.asyncio import Redis

from auth_service.revocations.marks import GENERATION_KEY, Mark
from common.clock import Clock

BATCH: Final = 500
REBUILD_SECONDS: Final = 60

# A not-before only ever moves forward: two changes may reach Redis in either order.
APPLY: Final = """
for i, key in ipairs(KEYS) do
  local value, life = ARGV[2 * i - 1], ARGV[2 * i]
  local old = redis.call('GET', key)
  if not old or tonumber(old) < tonumber(value) then redis.call('SET', key, value, 'PX', life) end
end
return #KEYS
"""

# The generation is written only if nothing was lost since the rebuild began.
FINISH: Final = """
if redis.call('DEL', KEYS[1]) == 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[1])
return 1
"""


@dataclass(frozen=True, slots=True)
class MarkStore:
    """Sets marks. Raises `redis.RedisError` or `OSError` when Redis is away."""

    redis: Redis
    clock: Clock

    async def apply(self, marks: Sequence[Mark]) -> None:
        """Set marks that are still of use."""
        now = self.clock.now()
        lasting = [(mark, mark.milliseconds_left(now)) for mark in marks]
        useful = [(mark, left) for mark, left in lasting if left > 0]
        for start in range(0, len(useful), BATCH):
            batch = useful[start : start + BATCH]
            keys = [mark.key for mark, _ in batch]
            values = [value for mark, left in batch for value in (mark.value, left)]
            await self.redis.eval(APPLY, len(keys), *keys, *values)

    async def remembers(self) -> bool:
        """Whether Redis still has what was written to it."""
        return bool(await self.redis.exists(GENERATION_KEY))

    async def begin_rebuild(self, rebuild_id: UUID) -> None:
        """Leave a sign, before Postgres is read, that a loss of memory would wipe out."""
        await self.redis.set(_sign(rebuild_id), "1", ex=REBUILD_SECONDS)

    async def finish_rebuild(self, rebuild_id: UUID) -> bool:
        """Declare the memory whole again; False when it was lost once more meanwhile."""
        return bool(
            await self.redis.eval(FINISH, 2, _sign(rebuild_id), GENERATION_KEY, str(rebuild_id))
        )


def _sign(rebuild_id: UUID) -> str:
    return f"rev:rebuild:{rebuild_id}"
