"""Sessions in use as Redis knows them: a copy to read quickly, never the truth."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from redis.asyncio import Redis

from auth_service.sessions.models import Session


def cache_key(session_id: UUID) -> str:
    """Where a session's copy is."""
    return f"sess:{session_id}"


@dataclass(frozen=True, slots=True)
class SessionCache:
    """Writes copies. Raises `redis.RedisError` or `OSError` when Redis is unavailable."""

    redis: Redis

    async def update(self, used: Sequence[Session], ended: Sequence[UUID] = ()) -> None:
        """Note sessions in use, each until it would be over by itself; forget ended ones."""
        if not used and not ended:
            return
        pipeline = self.redis.pipeline(transaction=False)
        for session in used:
            copy = {
                "sub": str(session.user_id),
                "auth_time": int(session.created_at.timestamp()),
                "last_used_at": int(session.last_used_at.timestamp()),
            }
            until = int(session.idle_expires_at.timestamp() * 1000)
            pipeline.set(cache_key(session.id), json.dumps(copy), pxat=until)
        if ended:
            pipeline.delete(*(cache_key(session_id) for session_id in ended))
        await pipeline.execute()

    async def has(self, session_id: UUID) -> bool:
        """Whether the session is known to be in use."""
        return bool(await self.redis.exists(cache_key(session_id)))
