"""The client of Redis, which gives up soon: Redis being away must not hold up an answer."""

from collections.abc import Iterable
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

TIMEOUT_SECONDS: Final = 0.5


class LostAsSuch(AbstractConnection):
    """Tells a connection that was lost in the middle of a call by redis-py's own error.

    Writing to a transport that has closed meanwhile is a RuntimeError in uvloop, which redis-py
    takes for a fault of the program: neither tried again nor known as Redis being away.
    """

    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        """Send a command. Raises `redis.RedisError` when the connection is gone."""
        try:
            await super().send_packed_command(command, check_health)
        except RuntimeError as error:
            raise RedisConnectionError("The connection was lost") from error


def connect_redis(url: str) -> Redis:
    """A client by URL; nothing is connected to yet."""
    client = Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),  # one more try: the first may have met a dead connection
    )
    pool: Any = client.connection_pool
    # The URL says which kind of connection it is: TCP, TLS or a Unix socket.
    pool.connection_class = type("RedisConnection", (LostAsSuch, pool.connection_class), {})
    return client
