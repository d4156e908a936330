"""Two Valkeys, one the other's replica, and Sentinels that watch them."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

import redis

from devstack.servers.ports import LOOPBACK, free_port
from devstack.servers.process import POLL_SECONDS, ServerProcess
from devstack.servers.secret_files import write_secret
from devstack.servers.valkey import EmbeddedValkey, binary

SERVICE: Final = "masijala"
PASSWORD: Final = "password-of-both-servers"  # noqa: S105 - of servers that live for one test
START_SECONDS: Final = 30.0
# Time enough for a pause of a busy machine, little enough for a test.
DOWN_MILLISECONDS: Final = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Both with one password, so that either can follow the other."""

    first: EmbeddedValkey
    second: EmbeddedValkey

    def follow(self, replica: EmbeddedValkey, primary: EmbeddedValkey) -> None:
        """Make `replica` a replica."""
        with client_of(replica) as client:
            client.replicaof(LOOPBACK, str(primary.port))

    def cut_off(self, replica: EmbeddedValkey, primary: EmbeddedValkey) -> None:
        """Let nothing that is written from now on reach the replica."""
        with client_of(replica) as client:
            client.config_set("masterauth", "wrong")
        with client_of(primary) as client:
            client.client_kill_filter(_type="replica")

    def promote(self, replica: EmbeddedValkey) -> None:
        """Make `replica` a primary."""
        with client_of(replica) as client:
            client.replicaof("NO", "ONE")


def client_of(server: EmbeddedValkey) -> redis.Redis:
    """A client for a test to look behind the services' backs."""
    return redis.Redis.from_url(server.url, decode_responses=True, socket_timeout=2)


def follows(replica: EmbeddedValkey) -> bool:
    """Whether it has all that its primary had when it asked."""
    state = replication(replica)
    return bool(state.get("role") == "slave" and state["master_link_status"] == "up")


def is_primary(server: EmbeddedValkey) -> bool:
    """Whether it answers and takes writes."""
    return bool(replication(server).get("role") == "master")


def replication(server: EmbeddedValkey) -> dict[str, Any]:
    """What a server says of its role; nothing when it does not answer.

    A Sentinel that makes a server primary or replica closes the connections of its clients.
    """
    try:
        with client_of(server) as client:
            found: dict[str, Any] = client.info("replication")
            return found
    except redis.RedisError:
        return {}


@contextmanager
def valkey_pair(directory: Path) -> Iterator[Pair]:
    """Two servers, neither following the other yet."""
    with ExitStack() as stack:
        servers = []
        for name in ("first", "second"):
            home = directory / name
            home.mkdir(parents=True)
            write_secret(home / "password", PASSWORD)
            server = stack.enter_context(EmbeddedValkey(home, durable=False))
            with client_of(server) as client:
                client.config_set("masterauth", PASSWORD)
                client.config_set("repl-diskless-sync-delay", 0)
            servers.append(server)
        yield Pair(*servers)


@dataclass(slots=True)
class Sentinel:
    """One Sentinel that watches the pair's first server."""

    directory: Path
    primary_port: int
    quorum: int
    down_milliseconds: int
    port: int = field(default_factory=free_port)
    _process: ServerProcess | None = None

    def start(self) -> None:
        """Start, and return once it answers."""
        self.directory.mkdir(parents=True)
        configuration = self.directory / "sentinel.conf"
        write_secret(configuration, self._configuration())
        process = ServerProcess(
            name="Sentinel",
            directory=self.directory,
            log=self.directory / "sentinel.log",
            death_signal=signal.SIGKILL,
            environment={"LC_ALL": "C"},
        )
        process.start([str(binary()), str(configuration), "--sentinel"])
        self._process = process
        if not process.wait_until(self._answers, START_SECONDS):
            raise RuntimeError(process.output())

    def stop(self) -> None:
        """End it; idempotent."""
        if self._process is not None:
            self._process.stop()

    def names(self) -> tuple[str, int] | None:
        """The primary's address, as this Sentinel sees it."""
        with redis.Redis(host=LOOPBACK, port=self.port, decode_responses=True) as client:
            found: Any = client.execute_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SERVICE)
        return (found[0], int(found[1])) if found else None

    def knows(self, others: int) -> bool:
        """Whether it could fail over: it has found the replica and the other Sentinels."""
        with redis.Redis(host=LOOPBACK, port=self.port, decode_responses=True) as client:
            state: Any = client.sentinel_masters()[SERVICE]
        return bool(state["num-slaves"] == 1 and state["num-other-sentinels"] == others)

    def _configuration(self) -> str:
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f'dir "{self.directory.resolve()}"',
            "daemonize no",
            f"sentinel monitor {SERVICE} {LOOPBACK} {self.primary_port} {self.quorum}",
            f"sentinel auth-pass {SERVICE} {PASSWORD}",
            f"sentinel down-after-milliseconds {SERVICE} {self.down_milliseconds}",
            f"sentinel failover-timeout {SERVICE} 5000",
        ]
        return "\n".join(lines) + "\n"

    def _answers(self) -> bool:
        try:
            return self.names() is not None
        except redis.RedisError:
            return False


@dataclass(frozen=True, slots=True)
class Watched:
    """A pair with its Sentinels; `url` is what services are given."""

    pair: Pair
    sentinels: tuple[Sentinel, ...]

    @property
    def url(self) -> str:
        """The URL of database 0 of whichever server is primary."""
        hosts = ",".join(f"{LOOPBACK}:{each.port}" for each in self.sentinels)
        return f"redis+sentinel://:{PASSWORD}@{hosts}/{SERVICE}/0"

    def names(self, server: EmbeddedValkey) -> bool:
        """Whether the Sentinel that clients ask first names this server as the primary.

        Up to two seconds after it is: Sentinels tell each other that often.
        """
        return self.sentinels[0].names() == (LOOPBACK, server.port)


@contextmanager
def watched_pair(
    directory: Path, sentinels: int = 3, down_milliseconds: int = DOWN_MILLISECONDS
) -> Iterator[Watched]:
    """The second follows the first, and the Sentinels know both servers and each other."""
    with valkey_pair(directory) as pair, ExitStack() as stack:
        pair.follow(pair.second, pair.first)
        started = []
        for number in range(sentinels):
            home = directory / f"sentinel-{number}"
            quorum = sentinels // 2 + 1
            sentinel = Sentinel(home, pair.first.port, quorum, down_milliseconds)
            stack.callback(sentinel.stop)
            sentinel.start()
            started.append(sentinel)
        deadline = monotonic() + START_SECONDS
        while not all(each.knows(sentinels - 1) for each in started):
            if monotonic() > deadline:
                raise RuntimeError("the Sentinels did not find each other")
            sleep(POLL_SECONDS)
        yield Watched(pair, tuple(started))
