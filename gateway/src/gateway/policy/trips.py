"""Trips to Redis: all calls of one loop tick share one pipeline, and a dead server costs no waits.

After a failure the circuit is open: calls fail at once while a background task probes the server,
so that no request waits for a server that is known to be away.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from common.logs import get_logger
from gateway import metrics
from gateway.policy.script import Script

PROBE_SECONDS: Final = 0.25
MAX_CONNECTIONS: Final = 32
Argument = str | int

log = get_logger(__name__)


class RedisAway(Exception):
    """Redis did not answer, in time or at all."""


def connect(url: str, timeout_seconds: float) -> Redis:
    """A client that gives up within `timeout_seconds` and never repeats by itself."""
    return Redis.from_url(
        url,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=timeout_seconds,
        retry=Retry(NoBackoff(), 0),
        max_connections=MAX_CONNECTIONS,
        decode_responses=False,
    )


@dataclass(slots=True)
class _Call:
    arguments: tuple[Argument, ...]
    answer: asyncio.Future[Any]


class RedisTrips:
    """Calls the script. One instance per process and loop."""

    def __init__(
        self,
        client: Redis,
        script: Script,
        timeout_seconds: float,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._client = client
        self._script = script
        self._timeout_seconds = timeout_seconds
        self._now = now
        self._waiting: list[_Call] = []
        self._travelling: set[asyncio.Task[None]] = set()
        self._probe: asyncio.Task[None] | None = None

    @property
    def away(self) -> bool:
        """Whether the circuit is open."""
        return self._probe is not None

    async def start(self) -> None:
        """Load the script; a server that is away is probed until it comes."""
        try:
            await self._load()
        except (RedisError, OSError, TimeoutError) as error:
            self._open(error)

    async def stop(self) -> None:
        """Give up what is under way and close the connections."""
        tasks = [*self._travelling, *([self._probe] if self._probe else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._probe = None
        with contextlib.suppress(RedisError, OSError):
            await self._client.aclose()

    async def ping(self) -> None:
        """Raise unless the server answers."""
        if self.away:
            raise RedisAway
        async with asyncio.timeout(self._timeout_seconds):
            await self._client.ping()

    async def call(self, keys: Sequence[str], arguments: Sequence[Argument]) -> list[int]:
        """The script's reply. Raises RedisAway."""
        if self._probe is not None:
            raise RedisAway
        loop = asyncio.get_running_loop()
        call = _Call((len(keys), *keys, *arguments), loop.create_future())
        self._waiting.append(call)
        if len(self._waiting) == 1:
            # Every request that is served in this turn of the loop joins before it departs.
            loop.call_soon(self._depart)
        reply: list[int] = await call.answer
        return reply

    def _depart(self) -> None:
        calls, self._waiting = self._waiting, []
        task = asyncio.create_task(self._travel(calls))
        self._travelling.add(task)
        task.add_done_callback(self._travelling.discard)

    async def _travel(self, calls: list[_Call]) -> None:
        metrics.REDIS_TRIPS.inc()
        metrics.REDIS_CALLS.inc(len(calls))
        try:
            async with asyncio.timeout(self._timeout_seconds):
                replies = await self._exchange(calls)
        except (RedisError, OSError, TimeoutError) as error:
            self._open(error)
            _settle(calls, [RedisAway()] * len(calls))
        except asyncio.CancelledError:
            _settle(calls, [RedisAway()] * len(calls))
            raise
        else:
            _settle(calls, replies)

    async def _exchange(self, calls: list[_Call]) -> list[Any]:
        replies = await self._pipeline(calls)
        missing = [index for index, reply in enumerate(replies) if _function_missing(reply)]
        if missing:
            await self._load()
            again = await self._pipeline([calls[index] for index in missing])
            for index, reply in zip(missing, again, strict=True):
                replies[index] = reply
        return replies

    async def _pipeline(self, calls: list[_Call]) -> list[Any]:
        # What redis-py's Pipeline does, less its bookkeeping per command, which costs more than all
        # the rest of a check.
        packed = b"".join(
            hiredis.pack_command(("FCALL", self._script.function, *call.arguments))  # type: ignore[arg-type]  # its stub knows tuples of one only
            for call in calls
        )
        pool = self._client.connection_pool
        connection = await pool.get_connection()  # type: ignore[no-untyped-call]  # redis-py's decorator hides the types
        try:
            await connection.send_packed_command(packed, check_health=False)
            return [await _reply(connection) for _ in calls]
        except BaseException:
            # Replies may still be on their way: nobody else must read them as theirs.
            await connection.disconnect(nowait=True)
            raise
        finally:
            await pool.release(connection)

    async def _load(self) -> None:
        await self._client.function_load(self._script.source, replace=True)

    def _open(self, error: Exception) -> None:
        if self._probe is None:
            log.warning("redis_away", error=type(error).__name__)
            self._probe = asyncio.create_task(self._keep_probing(), name="redis-probe")

    async def _keep_probing(self) -> None:
        since = self._now()
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            until = self._now()
            metrics.DEGRADED_SECONDS.labels("redis").inc(until - since)
            since = until
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(self._timeout_seconds):
                    await self._load()
                break
        log.info("redis_back")
        self._probe = None


async def _reply(connection: AbstractConnection) -> Any:
    try:
        return await connection.read_response()
    except ResponseError as error:
        return error


def _function_missing(reply: Any) -> bool:
    return isinstance(reply, ResponseError) and "function not found" in str(reply).lower()


def _settle(calls: list[_Call], replies: Sequence[Any]) -> None:
    for call, reply in zip(calls, replies, strict=True):
        if call.answer.done():
            continue  # its request was given up
        if isinstance(reply, Exception):
            if not isinstance(reply, RedisAway):
                log.warning("redis_call_failed", error=str(reply))
            call.answer.set_exception(RedisAway())
        else:
            call.answer.set_result(reply)
