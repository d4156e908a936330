"""The marks in Redis, and the protocol by which its lost memory is restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from redis.asyncio import Redis

from auth_service.revocations.marks import GENERATION_KEY, Mark
from common.clock import Clock
from common.redis_client import find_primary

BATCH: Final = 500
REBUILD_SECONDS: Final = 60

# A server gets a new replication ID whenever it becomes primary. Without the flag `no-writes` a
# script is refused by a replica even where it only reads.
_HEAD: Final = """#!lua
local primary = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
"""
STATE: Final = f"""{_HEAD}
return {{primary, redis.call('GET', KEYS[1])}}
"""
# A not-before only ever moves forward: two changes may reach Redis in either order.
APPLY: Final = f"""{_HEAD}
for i, key in ipairs(KEYS) do
  local value, life = ARGV[2 * i - 1], ARGV[2 * i]
  local old = redis.call('GET', key)
  if not old or tonumber(old) < tonumber(value) then redis.call('SET', key, value, 'PX', life) end
end
return primary
"""
BEGIN: Final = f"""{_HEAD}
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
return primary
"""
# The generation is written only if nothing was lost since the rebuild began: neither by a wipe,
# which takes the sign along, nor by a failover to a replica that had received the sign alone.
FINISH: Final = f"""{_HEAD}
if redis.call('DEL', KEYS[1]) == 0 or primary ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], primary)
return 1
"""


@dataclass(frozen=True, slots=True)
class MarkStore:
    """Sets marks. Raises `redis.RedisError` or `OSError` when Redis is unavailable.

    A primary is named by its replication ID: another server has another one, and so has the same
    server once it has been a replica or was restarted.
    """

    redis: Redis
    clock: Clock

    async def apply(self, marks: Sequence[Mark]) -> set[str]:
        """Set marks that are still of use; the primaries that took them."""
        now = self.clock.now()
        lasting = [(mark, mark.milliseconds_left(now)) for mark in marks]
        useful = [(mark, left) for mark, left in lasting if left > 0]
        primaries: set[str] = set()
        for start in range(0, len(useful), BATCH):
            batch = useful[start : start + BATCH]
            keys = [mark.key for mark, _ in batch]
            values = [value for mark, left in batch for value in (mark.value, left)]
            primaries.add(await self.redis.eval(APPLY, len(keys), *keys, *values))
        return primaries

    async def is_complete_on(self, rebuilt: str) -> bool:
        """Whether the server is the primary `rebuilt`, and has lost nothing since."""
        await find_primary(self.redis)
        primary, generation = await self.redis.eval(STATE, 1, GENERATION_KEY)
        return bool(primary == generation == rebuilt)

    async def begin_rebuild(self, rebuild_id: UUID) -> str:
        """Leave a sign, before Postgres is read, that a loss of memory would wipe out.

        Returns the primary that has it.
        """
        sign = _sign(rebuild_id)
        return str(await self.redis.eval(BEGIN, 1, sign, REBUILD_SECONDS))

    async def finish_rebuild(self, rebuild_id: UUID, primary: str) -> bool:
        """Declare the memory whole again; False when it was lost once more meanwhile."""
        sign = _sign(rebuild_id)
        return bool(await self.redis.eval(FINISH, 2, sign, GENERATION_KEY, primary))


def _sign(rebuild_id: UUID) -> str:
    return f"rev:rebuild:{rebuild_id}"
