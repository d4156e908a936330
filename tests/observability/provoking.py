"""Brings each failure about on a running stack, and mends it when its block ends."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

import httpx
import psycopg
import redis
from bare_stack import demo_credentials
from small_disk import fill

from devstack.servers.postgres import EmbeddedPostgres
from devstack.servers.valkey import EmbeddedValkey
from devstack.stack import Stack

GUESSERS: Final = 8
# More than the connections of core's pool, which has as many as core takes requests.
READERS: Final = 24
IN_FLIGHT: Final = 20
SETTINGS: Final = {
    "AUTH_HASH_WORKERS": "1",
    "AUTH_HASH_QUEUE": "0",
    "CORE_MAX_IN_FLIGHT": str(IN_FLIGHT),
}
# Moves the clock that the worker reads and reports, while the file is there.
JUMP: Final = """
import os, sys, time
if "core_service.worker" in sys.orig_argv:
    real, flag = time.time, os.path.join(os.path.dirname(__file__), "ahead")
    time.time = lambda: real() + 60 * os.path.exists(flag)
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """The stack, where it stores what, and a signed-in clerk."""

    stack: Stack
    runner: asyncio.Runner
    clocks: Path
    disk: Path | None
    http: httpx.Client

    @property
    def postgres(self) -> EmbeddedPostgres:
        found = self.stack.servers.postgres
        assert found is not None
        return found

    @property
    def valkey(self) -> EmbeddedValkey:
        found = self.stack.servers.valkey
        assert found is not None
        return found

    def start_postgres(self) -> None:
        """On the thread that lives as long as the stack: it would end with another."""
        if not self.postgres.running:
            self.stack.servers._threads.submit(self.postgres.start).result()

    def call(self, method: str, path: str, **options: object) -> int:
        """The status; 0 without an answer."""
        try:
            return self.http.request(method, path, **options).status_code  # type: ignore[arg-type]  # of any kind
        except httpx.HTTPError:
            return 0


Failure = Callable[[Scene], AbstractContextManager[None]]


@contextmanager
def meanwhile(work: Callable[[], object], workers: int) -> Iterator[None]:
    """Threads that do this again and again."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(0.05):
            work()

    threads = [threading.Thread(target=go_on) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


@contextmanager
def killed(scene: Scene, name: str) -> Iterator[None]:
    scene.runner.run(scene.stack.kill(name))
    try:
        yield
    finally:
        scene.runner.run(scene.stack.restart(name))


def auth_killed(scene: Scene) -> AbstractContextManager[None]:
    return killed(scene, "auth")


@contextmanager
def postgres_stopped(scene: Scene) -> Iterator[None]:
    scene.postgres.stop()
    try:
        yield
    finally:
        scene.start_postgres()


@contextmanager
def connections_used_up(scene: Scene) -> Iterator[None]:
    """As many readers as core takes wait for a lock, each with a connection."""
    with ExitStack() as held:
        held.enter_context(meanwhile(lambda: scene.call("GET", "/cases?limit=1"), READERS))
        # Left first, so that the readers come to their end.
        lock = held.enter_context(psycopg.connect(scene.stack.wiring.core_owner_url))
        lock.execute("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def redis_paused(scene: Scene) -> Iterator[None]:
    scene.valkey.pause()
    try:
        yield
    finally:
        scene.valkey.resume()


@contextmanager
def redis_full(scene: Scene) -> Iterator[None]:
    with redis.Redis.from_url(scene.stack.wiring.redis_url) as client:
        client.config_set("maxmemory", 1)
        try:
            yield
        finally:
            client.config_set("maxmemory", 0)


@contextmanager
def redis_emptied(scene: Scene) -> Iterator[None]:
    """Auth would rebuild it, and is killed; on its return it does."""
    with auth_killed(scene), redis.Redis.from_url(scene.stack.wiring.redis_url) as client:
        client.flushall()
        yield


@contextmanager
def token_replayed(scene: Scene) -> Iterator[None]:
    def refresh(token: str) -> httpx.Response:
        return scene.http.post("/auth/refresh", json={"refresh_token": token})

    body = demo_credentials("viewer", scene.stack.password)
    first = scene.http.post("/auth/login", json=body).json()["refresh_token"]
    second = refresh(first).json()["refresh_token"]
    assert refresh(second).status_code == 200
    assert refresh(first).status_code == 401
    yield


def passwords_guessed(scene: Scene) -> AbstractContextManager[None]:
    body = demo_credentials("clerk", "not-the-password")
    return meanwhile(lambda: scene.call("POST", "/auth/login", json=body), GUESSERS)


@contextmanager
def clock_moved(scene: Scene) -> Iterator[None]:
    ahead = scene.clocks / "ahead"
    ahead.touch()
    try:
        yield
    finally:
        ahead.unlink()


@contextmanager
def disk_full(scene: Scene) -> Iterator[None]:
    """Returns are sent, each too large for what is left."""
    assert scene.disk is not None
    ballast = fill(scene.disk)

    def send() -> None:
        content = "".join(f"{token_hex(500)}\n" for _ in range(4000))
        scene.call("POST", "/imports", files={"file": ("return.csv", content)})

    try:
        with meanwhile(send, 2):
            yield
    finally:
        ballast.unlink()
        # Without room for its log Postgres stops at once rather than lose anything.
        scene.start_postgres()


# By the names of `failures.ALERTS`. Those of one group happen at once; after it all is mended.
GROUPS: Final[tuple[Mapping[str, Failure], ...]] = (
    {
        "a refresh token is replayed": token_replayed,
        "a storm of guesses at passwords": passwords_guessed,
        "clocks differ": clock_moved,
        "a storm of connections to Postgres": connections_used_up,
        "thousands of connections, slow clients": connections_used_up,
    },
    {"the memory of Redis is full": redis_full},
    {"the disk of Postgres is full": disk_full},
    {"Redis is flushed or fails over, and its marks are not rebuilt": redis_emptied},
    {
        "auth, core, the worker, the policy service or the edge is killed": auth_killed,
        "auth is unavailable for an hour": auth_killed,
        "Redis is killed or paused": redis_paused,
        "Postgres restarts or is killed": postgres_stopped,
    },
)
