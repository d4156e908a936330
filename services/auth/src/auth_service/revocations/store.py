"""The revocations in Redis, their publication, and the protocol that restores them after a loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from auth_service.revocations.rules import GENERATION_KEY, Revocation
from common.clock import Clock
from common.logs import get_logger
from common.redis_client import find_primary

BATCH: Final = 500
REBUILD_SECONDS: Final = 60

# A server gets a new replication ID whenever it becomes primary. A replica refuses a script without
# the flag `no-writes`, even one that only reads.
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
# The generation is written only if nothing was lost since the rebuild began: neither by a flush,
# which deletes the marker too, nor by a failover to a replica that had received the marker alone.
FINISH: Final = f"""{_HEAD}
if redis.call('DEL', KEYS[1]) == 0 or primary ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], primary)
return 1
"""


@dataclass(frozen=True, slots=True)
class RevocationStore:
    """Writes revocations. Raises `redis.RedisError` or `OSError` when Redis is unavailable.

    A primary is identified by its replication ID: each server has its own, and a new one after it
    was a replica or was restarted.
    """

    redis: Redis
    clock: Clock

    async def apply(self, revocations: Sequence[Revocation]) -> set[str]:
        """Write the revocations that are still needed; the primaries that took them."""
        now = self.clock.now()
        timed = [(revocation, revocation.milliseconds_left(now)) for revocation in revocations]
        needed = [(revocation, left) for revocation, left in timed if left > 0]
        primaries: set[str] = set()
        for start in range(0, len(needed), BATCH):
            batch = needed[start : start + BATCH]
            keys = [revocation.key for revocation, _ in batch]
            values = [value for revocation, left in batch for value in (revocation.value, left)]
            primaries.add(await self.redis.eval(APPLY, len(keys), *keys, *values))
        return primaries

    async def is_complete_on(self, rebuilt: str) -> bool:
        """Whether the server is the primary `rebuilt`, and has lost nothing since."""
        await find_primary(self.redis)
        primary, generation = await self.redis.eval(STATE, 1, GENERATION_KEY)
        return bool(primary == generation == rebuilt)

    async def begin_rebuild(self, rebuild_id: UUID) -> str:
        """Set a marker, before Postgres is read, that any loss of data deletes.

        Returns the primary that has it.
        """
        return str(await self.redis.eval(BEGIN, 1, _marker(rebuild_id), REBUILD_SECONDS))

    async def finish_rebuild(self, rebuild_id: UUID, primary: str) -> bool:
        """Declare Redis complete again; False when it lost data meanwhile."""
        keys = _marker(rebuild_id), GENERATION_KEY
        return bool(await self.redis.eval(FINISH, len(keys), *keys, primary))


def _marker(rebuild_id: UUID) -> str:
    return f"rev:rebuild:{rebuild_id}"


log = get_logger(__name__)


@dataclass(slots=True)
class Publisher:
    """Publishes revocations. When Redis misses one, `in_doubt` asks for a rebuild from Postgres.

    `rebuilt` is the primary to which this process last wrote everything.
    """

    store: RevocationStore
    in_doubt: bool = False
    rebuilt: str = ""

    async def publish(self, revocations: Sequence[Revocation]) -> None:
        """Write to Redis. While it is unavailable, requests are answered all the same."""
        try:
            written_to = await self.store.apply(revocations)
            # Gateways do not look at another primary than the one that was rebuilt.
            if written_to - {self.rebuilt}:
                self.in_doubt = True
        except (RedisError, OSError) as error:
            log.warning("redis_unavailable", error=type(error).__name__)
            self.in_doubt = True
