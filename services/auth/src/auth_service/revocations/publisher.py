"""Tells Redis what a unit of work has changed, after the commit and before the answer."""

from dataclasses import dataclass

from redis.exceptions import RedisError

from auth_service.revocations.changes import Changes
from auth_service.revocations.store import MarkStore
from auth_service.sessions.cache import SessionCache
from common.logs import get_logger

log = get_logger(__name__)


@dataclass(slots=True)
class Publisher:
    """Publishes changes. When Redis misses one, `in_doubt` asks for a rebuild from Postgres."""

    marks: MarkStore
    sessions: SessionCache
    in_doubt: bool = False

    async def publish(self, changes: Changes) -> None:
        """Set the marks, then the copies. A Redis that is away costs no answer, only a rebuild."""
        try:
            await self.marks.apply(changes.marks)
            # A session that ended in the unit of work that used it must leave no copy.
            used = [session for session in changes.used if session.id not in changes.ended]
            await self.sessions.update(used, changes.ended)
        except (RedisError, OSError) as error:
            log.warning("redis_away", error=type(error).__name__)
            self.in_doubt = True
