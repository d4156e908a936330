"""Writes the revocations of a unit of work to Redis, after the commit and before the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from redis.exceptions import RedisError

from auth_service.revocations.rules import Revocation
from auth_service.revocations.store import RevocationStore
from common.logs import get_logger

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
