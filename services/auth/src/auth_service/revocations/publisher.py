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
    """Publishes changes. When Redis misses one, `in_doubt` asks for a rebuild from Postgres.

    `rebuilt` is the primary that this process has last written everything to.
    """

    marks: MarkStore
    sessions: SessionCache
    in_doubt: bool = False
    rebuilt: str = ""

    async def publish(self, changes: Changes) -> None:
        """Set the marks, then the copies. Without Redis there is an answer all the same."""
        try:
            written_to = await self.marks.apply(changes.marks)
            # A mark that went to another primary is not where the gateways will look for it.
            if written_to - {self.rebuilt}:
                self.in_doubt = True
            # A session that ended in the unit of work that used it must leave no copy.
            used = [session for session in changes.used if session.id not in changes.ended]
            await self.sessions.update(used, changes.ended)
        except (RedisError, OSError) as error:
            log.warning("redis_unavailable", error=type(error).__name__)
            self.in_doubt = True
