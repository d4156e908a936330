"""Trips to Redis: all calls of one loop tick share one write, and a dead server costs no waits.

After a failure the circuit is open: calls fail at once while a background task looks for a server
that takes writes, so that no request waits for one that is known to be unavailable.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import hiredis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from common.health import NotReady
from common.logs import get_logger
from common.redis_client import ClusterMode, connect_redis, find_primary
from gateway import metrics
from gateway.policy.script import Script
from gateway.policy.wire import RedisWire

PROBE_SECONDS: Final = 0.25
# Several steps, Sentinel's answer among them; no request waits for it.
CONNECT_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 1.0
Argument = str | int
OpenWire = Callable[[Redis, float, Callable[[Exception], None]], Awaitable[RedisWire]]

log = get_logger(__name__)


class RedisUnavailable(NotReady):
    """Redis did not answer, in time or at all, or with an error."""


def connect(url: str, timeout_seconds: float) -> Redis:
    """A client that gives up within `timeout_seconds` and never repeats by itself."""
    return connect_redis(
        url,
        timeout_seconds,
        retry=Retry(NoBackoff(), 0),
        decode_responses=False,
        protocol=2,  # nothing but replies may come on the wire
    )


@dataclass(slots=True)
class Call:
    """What the script is asked. `packed` is the same as the wire takes it, once it was sent."""

    keys: tuple[str, ...]
    arguments: tuple[Argument, ...]
    packed: bytes = b""


# Revocations, version, second of issue, stop; then a quota that never refuses, so that it is always
# written.
_WRITE_ARGUMENTS: Final = (0, 0, 0, 0, 1_000_000_000, 1_000_000, 1)


class ErrorReply(ConnectionError):
    """An error reply, which counts as the loss of the connection."""

    @property
    def code(self) -> str:
        """READONLY, LOADING and so on."""
        return str(self).partition(" ")[0]


class RedisTrips:
    """Calls the script. One instance per process and loop."""

    def __init__(
        self,
        client: Redis,
        script: Script,
        timeout_seconds: float,
        now: Callable[[], float] = monotonic,
        open_wire: OpenWire = RedisWire.open,
    ) -> None:
        self._client = client
        self._script = script
        self._timeout_seconds = timeout_seconds
        self._now = now
        self._open_wire = open_wire
        self._write = Call(("health:gateway",), _WRITE_ARGUMENTS)
        self._wire: RedisWire | None = None
        self._reason = "not connected yet"
        self._probe: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._stopped = False

    @property
    def unavailable(self) -> bool:
        """Whether the circuit is open."""
        return self._probe is not None

    async def start(self) -> None:
        """Load the script; a server that is unavailable is probed until it comes."""
        try:
            await self._connect()
        except (RedisError, OSError, TimeoutError) as error:
            self._open(error)
        self._watch = asyncio.create_task(self._keep_watching(), name="redis-watch")

    async def stop(self) -> None:
        """Give up what is under way and close the connections."""
        self._stopped = True
        if self._wire is not None:
            self._wire.close(ConnectionError("stopped"))
        tasks = [task for task in (self._probe, self._watch) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._probe = None
        with contextlib.suppress(RedisError, OSError):
            await self._client.aclose()

    async def require_writable(self) -> None:
        """Raise RedisUnavailable unless the server takes a write on the requests' connection."""
        await self.call(self._write)

    async def call(self, call: Call) -> list[int]:
        """The script's reply. Raises RedisUnavailable."""
        wire = self._wire
        if wire is None:
            raise RedisUnavailable(self._reason)
        packed = call.packed or self._pack(call)
        try:
            reply = await wire.send(packed)
            if isinstance(reply, Exception):
                reply = await self._reply_after_error(wire, reply, packed)
        except (OSError, TimeoutError) as error:
            # Whatever it is, this server cannot be used now; another one may be primary.
            wire.close(error)
            raise RedisUnavailable(_reason(error)) from error
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

    async def _reply_after_error(self, wire: RedisWire, error: Exception, packed: bytes) -> Any:
        """A restarted server has no script; loading it again is harmless."""
        if "function not found" not in str(error).lower():
            raise ErrorReply(str(error))
        # Both trips together may take no longer than one, or the caller waits twice.
        async with asyncio.timeout(self._timeout_seconds):
            await self._load(wire)
            return _require_result(await wire.send(packed))

    async def _connect(self) -> None:
        """The wire open to a server that takes writes, and the script loaded there."""
        async with asyncio.timeout(max(CONNECT_SECONDS, self._timeout_seconds)):
            wire = await self._open_wire(self._client, self._timeout_seconds, self._open)
            try:
                await self._load(wire)
            except BaseException:
                wire.close(ConnectionError("the script was not loaded"))
                raise
        self._wire = wire

    async def _load(self, wire: RedisWire) -> None:
        """Load the script, a write: a replica or a full server refuses it."""
        command: Any = ("FUNCTION", "LOAD", "REPLACE", self._script.source)
        _require_result(await wire.send(hiredis.pack_command(command)))

    def _open(self, error: Exception) -> None:
        self._wire = None
        reason = _reason(error)
        if reason != self._reason and not self._stopped:
            log.warning("redis_unavailable", reason=reason, error=str(error))
        self._reason = reason
        if self._probe is None and not self._stopped:
            self._probe = asyncio.create_task(self._keep_probing(), name="redis-probe")

    async def _keep_probing(self) -> None:
        since = self._now()
        while self._wire is None:
            await asyncio.sleep(PROBE_SECONDS)
            try:
                await self._connect()
            except (RedisError, OSError, TimeoutError) as error:
                self._open(error)
            until = self._now()
            metrics.DEGRADED_SECONDS.labels("redis").inc(until - since)
            since = until
        log.info("redis_available")
        self._reason = ""
        self._probe = None

    async def _keep_watching(self) -> None:
        """Leave a primary that Sentinel has replaced though it still answers."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            # While no Sentinel answers, its last answer is still used.
            with contextlib.suppress(RedisError, OSError):
                primary = await find_primary(self._client)
                if primary is None:
                    return
                if self._wire is not None and self._wire.address != primary:
                    self._wire.close(ConnectionError("replaced by another primary"))


def _require_result(reply: Any) -> Any:
    if isinstance(reply, Exception):
        raise ErrorReply(str(reply))
    return reply


def _reason(error: Exception) -> str:
    """What may be shown: neither addresses nor what a server says of itself."""
    if isinstance(error, ErrorReply):
        return error.code
    if isinstance(error, ClusterMode) or type(error) is ConnectionError:
        return str(error)
    return getattr(error, "status_code", None) or type(error).__name__
