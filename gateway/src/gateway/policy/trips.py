"""Trips to Redis: all calls of one loop tick share one write, and a dead server costs no waits.

After a failure the circuit is open: calls fail at once while a background task probes the server,
so that no request waits for a server that is known to be away.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import hiredis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from common.logs import get_logger
from gateway import metrics
from gateway.policy.script import Script
from gateway.policy.wire import RedisWire

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
        protocol=2,  # nothing but replies may come on the wire
    )


@dataclass(slots=True)
class Call:
    """What the script is asked. `packed` is the same as the wire takes it, once it was sent."""

    keys: tuple[str, ...]
    arguments: tuple[Argument, ...]
    packed: bytes = b""


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
        self._wire: RedisWire | None = None
        self._probe: asyncio.Task[None] | None = None
        self._stopped = False

    @property
    def away(self) -> bool:
        """Whether the circuit is open."""
        return self._probe is not None

    async def start(self) -> None:
        """Load the script; a server that is away is probed until it comes."""
        try:
            await self._connect()
        except (RedisError, OSError, TimeoutError) as error:
            self._open(error)

    async def stop(self) -> None:
        """Give up what is under way and close the connections."""
        self._stopped = True
        if self._wire is not None:
            self._wire.close(RedisAway())
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.gather(self._probe, return_exceptions=True)
            self._probe = None
        with contextlib.suppress(RedisError, OSError):
            await self._client.aclose()

    async def ping(self) -> None:
        """Raise unless the server answers."""
        if self.away:
            raise RedisAway
        async with asyncio.timeout(self._timeout_seconds):
            await self._client.ping()

    async def call(self, call: Call) -> list[int]:
        """The script's reply. Raises RedisAway."""
        packed = call.packed or self._pack(call)
        reply = await self._reply(packed)
        if isinstance(reply, Exception) and _function_missing(reply):
            reply = await self._reply_after_loading(packed)
        if isinstance(reply, Exception):
            log.warning("redis_call_failed", error=str(reply))
            raise RedisAway
        checked: list[int] = reply
        return checked

    def _pack(self, call: Call) -> bytes:
        command: Any = (
            *("FCALL", self._script.function, len(call.keys)),
            *call.keys,
            *call.arguments,
        )
        call.packed = hiredis.pack_command(command)
        return call.packed

    async def _reply_after_loading(self, packed: bytes) -> Any:
        """A restarted server has forgotten the script; loading it again harms nobody."""
        try:
            # Both trips together may take no longer than one, or the caller waits twice.
            async with asyncio.timeout(self._timeout_seconds):
                await self._load()
                return await self._reply(packed)
        except (RedisError, OSError, TimeoutError) as error:
            raise RedisAway from error

    async def _reply(self, packed: bytes) -> Any:
        wire = self._wire
        if wire is None:
            raise RedisAway
        try:
            return await wire.send(packed)
        except (OSError, TimeoutError) as error:
            raise RedisAway from error

    async def _connect(self) -> None:
        """The script loaded and the wire open, within the time of one call."""
        async with asyncio.timeout(self._timeout_seconds):
            await self._load()
            self._wire = await RedisWire.open(self._client, self._timeout_seconds, self._open)

    async def _load(self) -> None:
        await self._client.function_load(self._script.source, replace=True)

    def _open(self, error: Exception) -> None:
        self._wire = None
        if self._probe is None and not self._stopped:
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
                await self._connect()
                break
        log.info("redis_back")
        self._probe = None


def _function_missing(reply: Exception) -> bool:
    return "function not found" in str(reply).lower()
