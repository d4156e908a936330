"""An error reply, whichever it is, means that this server cannot be used now."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, BusyLoadingError, RedisError

from common.redis_client import ClusterMode
from gateway.policy import trips as trips_module
from gateway.policy.script import Script
from gateway.policy.trips import Call, RedisTrips, RedisUnavailable
from gateway.policy.wire import RedisWire

SCRIPT = Script("check", "the source")
CALL = Call(("q:a",), (0, 0, 0, 0, 1, 1, 1))
ADMITTED = [1, 0, 5, 1, 0]
LOADED = b"check"
MISSING = Exception("ERR Function not found")
ERRORS = (
    "READONLY You can't write against a read only replica.",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "LOADING Valkey is loading the dataset in memory",
    "NOAUTH Authentication required.",
    "CROSSSLOT Keys in request don't hash to the same slot",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "MISCONF Valkey is configured to save RDB snapshots, but it's unable to persist to disk.",
    "NOREPLICAS Not enough good replicas to write.",
    "BUSY Valkey is busy running a script.",
    "NOPERM User gateway has no permissions to run the 'fcall' command",
    "ERR unknown command 'FCALL'",
)


@dataclass
class FakeServer:
    """Opens wires; each gives the next replies of `replies`, the last one for ever."""

    replies: deque[Any]
    refuses: Exception | None = None
    opened: int = 0
    closed: list[Exception] = field(default_factory=list)

    async def open(
        self, _client: Redis, _seconds: float, on_lost: Callable[[Exception], None]
    ) -> RedisWire:
        if self.refuses is not None:
            raise self.refuses
        self.opened += 1
        wire: Any = FakeWire(self, on_lost)
        return wire  # type: ignore[no-any-return]  # a test double


@dataclass
class FakeWire:
    server: FakeServer
    on_lost: Callable[[Exception], None]
    closed: bool = False
    address: None = None

    def send(self, _command: bytes) -> "asyncio.Future[Any]":
        reply = asyncio.get_running_loop().create_future()
        replies = self.server.replies
        reply.set_result(replies.popleft() if len(replies) > 1 else replies[0])
        return reply

    def close(self, error: Exception) -> None:
        if not self.closed:
            self.closed = True
            self.server.closed.append(error)
            self.on_lost(error)


@pytest.fixture(autouse=True)
def _probing_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trips_module, "PROBE_SECONDS", 0.0)


async def started(server: FakeServer) -> RedisTrips:
    trips = RedisTrips(Redis(), SCRIPT, 1.0, open_wire=server.open)
    await trips.start()
    return trips


async def until_available(trips: RedisTrips) -> None:
    async with asyncio.timeout(5):
        while trips.unavailable:  # noqa: ASYNC110 - a task of the subject ends it
            await asyncio.sleep(0)


@pytest.mark.parametrize("error", ERRORS)
async def test_an_error_reply_drops_the_connection_until_a_server_takes_writes(error: str) -> None:
    server = FakeServer(deque([LOADED, Exception(error), Exception(error), LOADED, ADMITTED]))
    trips = await started(server)
    code = error.partition(" ")[0]
    with pytest.raises(RedisUnavailable, match=f"^{code}$"):
        await trips.call(CALL)
    assert trips.unavailable
    with pytest.raises(RedisUnavailable, match=f"^{code}$"):
        await trips.require_writable()
    await until_available(trips)
    assert await trips.call(CALL) == ADMITTED
    assert server.opened == 3, "the second server refused the script, as a replica does"
    await trips.stop()


async def test_a_server_that_has_forgotten_the_script_gets_it_again() -> None:
    server = FakeServer(deque([LOADED, MISSING, LOADED, ADMITTED]))
    trips = await started(server)
    assert await trips.call(CALL) == ADMITTED
    assert server.opened == 1
    await trips.stop()


async def test_a_server_that_cannot_load_the_script_again_is_disconnected() -> None:
    server = FakeServer(deque([LOADED, MISSING, Exception(ERRORS[0]), LOADED, ADMITTED]))
    trips = await started(server)
    with pytest.raises(RedisUnavailable, match="READONLY"):
        await trips.call(CALL)
    await until_available(trips)
    assert server.opened == 2
    await trips.stop()


@pytest.mark.parametrize(
    ("refusal", "shown"),
    [
        (BusyLoadingError("loading", status_code="LOADING"), "LOADING"),
        (AuthenticationError("required", status_code="NOAUTH"), "NOAUTH"),
        (RedisError("Error 111 connecting to 10.0.0.7:6379"), "RedisError"),
        (ClusterMode(), "Redis runs in cluster mode, which is not supported"),
    ],
)
async def test_why_there_is_no_connection_is_shown_without_addresses(
    refusal: Exception, shown: str
) -> None:
    server = FakeServer(deque([LOADED, ADMITTED]), refuses=refusal)
    trips = await started(server)
    with pytest.raises(RedisUnavailable, match=f"^{shown}") as refused:
        await trips.require_writable()
    assert "10.0.0.7" not in str(refused.value)
    server.refuses = None
    await until_available(trips)
    await trips.require_writable()
    await trips.stop()
