"""Clients of Redis or Valkey that find the primary again after a failover, and refuse a cluster."""

import asyncio
import sys
from collections.abc import Iterable
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError

from common.redis_urls import Address, SentinelUrl, is_sentinel_url
from common.settings import EXIT_MISCONFIGURED

GREETING_SECONDS: Final = 2.0
# Replies of a server that cannot take writes now: perhaps another one can by now.
_UNUSABLE: Final = frozenset(
    {"CLUSTERDOWN", "MASTERDOWN", "MISCONF", "NOREPLICAS", "OOM", "READONLY"}
)


class ClusterMode(RedisConnectionError):
    """The server is part of a cluster, which would spread the keys of one call over servers."""

    def __init__(self) -> None:
        super().__init__(
            "Redis runs in cluster mode, which is not supported: use one server, or Sentinel "
            "(docs/operations.md, Redis)"
        )


class PrimaryConnection(AbstractConnection):
    """A connection that is dropped once its server turns out not to take writes.

    The next one is looked up by DNS or Sentinel, and so finds the new primary after a failover.
    """

    async def on_connect_check_health(self, check_health: bool = True) -> None:
        """Greet the server. Raises ClusterMode."""
        await super().on_connect_check_health(check_health)
        await self.send_command("INFO", "cluster", check_health=False)
        if b"cluster_enabled:1" in await self.read_response(disable_decoding=True):
            raise ClusterMode

    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        """Send a command. Raises `redis.RedisError` when the connection is lost."""
        try:
            await super().send_packed_command(command, check_health)
        except RuntimeError as error:
            # uvloop's word for a transport that has closed meanwhile. redis-py takes it for a fault
            # of the program: neither tried again nor known as a server that is unavailable.
            raise RedisConnectionError("The connection was lost") from error

    async def read_response(self, *args: Any, **options: Any) -> Any:
        """A reply. Raises `redis.ConnectionError` when the server cannot take writes."""
        try:
            return await super().read_response(*args, **options)
        except ResponseError as error:
            code = error.status_code or str(error).partition(" ")[0]
            if code not in _UNUSABLE:
                raise
            await self.disconnect()
            text = f"{code}: the server takes no writes"
            raise RedisConnectionError(text, status_code=code) from error


class _SentinelClient(Redis):
    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await super().aclose(close_connection_pool)
        pool: Any = self.connection_pool
        await pool.sentinel_manager.aclose()


def connect_redis(url: str, timeout_seconds: float, **options: Any) -> Redis:
    """A client whose calls give up within `timeout_seconds`; nothing is connected to yet.

    A call is tried a second time when its connection turns out to be dead, unless `retry` differs.
    """
    defaults: dict[str, Any] = {
        "socket_timeout": timeout_seconds,
        "socket_connect_timeout": timeout_seconds,
        "retry": Retry(NoBackoff(), 1),
    }
    options = defaults | options
    client = _by_sentinel(url, options) if is_sentinel_url(url) else Redis.from_url(url, **options)
    pool: Any = client.connection_pool
    # The URL decides which kind of connection it is: TCP, TLS, a Unix socket, by Sentinel.
    pool.connection_class = type("RedisConnection", (PrimaryConnection, pool.connection_class), {})
    return client


def require_no_cluster(url: str, variable: str) -> None:
    """Exit with one line when the server runs in cluster mode.

    One that does not answer is not judged yet: every later connection refuses a cluster as well.
    """
    try:
        asyncio.run(_greet(url))
    except ClusterMode as error:
        sys.stderr.write(f"{variable}: {error}\n")
        raise SystemExit(EXIT_MISCONFIGURED) from None
    except (RedisError, OSError):
        return


async def find_primary(client: Redis) -> Address | None:
    """Where Sentinel says the primary is; None for a client without Sentinel.

    Idle connections to a former primary are closed. Raises `redis.RedisError`.
    """
    pool = client.connection_pool
    if not isinstance(pool, SentinelConnectionPool):
        return None
    address: Address = await pool.get_master_address()  # type: ignore[no-untyped-call]  # redis-py leaves it open
    return address


def _by_sentinel(url: str, options: dict[str, Any]) -> Redis:
    parsed = SentinelUrl.parse(url)
    limits = {name: options[name] for name in ("socket_timeout", "socket_connect_timeout")}
    sentinel = Sentinel(  # type: ignore[no-untyped-call]  # redis-py leaves it open
        parsed.sentinels,
        sentinel_kwargs=parsed.sentinel | limits | {"retry": Retry(NoBackoff(), 1)},
    )
    client: Redis = sentinel.master_for(
        parsed.service, redis_class=_SentinelClient, **(parsed.server | options)
    )
    return client


async def _greet(url: str) -> None:
    async with connect_redis(url, GREETING_SECONDS) as client:
        await client.ping()
