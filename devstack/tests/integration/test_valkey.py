"""The embedded Valkey: it keeps data when asked, says what is wrong, and can be tormented."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from devstack.servers.errors import DataDirectoryBroken, DataDirectoryBusy, PortTaken
from devstack.servers.valkey import EmbeddedValkey


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


def client(server: EmbeddedValkey) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True, socket_timeout=0.2)


def test_a_durable_one_keeps_revocations_over_a_restart(durable: EmbeddedValkey) -> None:
    with client(durable) as connection:
        connection.set("rev:sid:1", "1", ex=600)
    durable.stop()
    durable.start()
    with client(durable) as connection:
        assert connection.get("rev:sid:1") == "1"


def test_one_for_tests_forgets_over_a_restart(private_valkey: EmbeddedValkey) -> None:
    with client(private_valkey) as connection:
        connection.set("key", "value")
    private_valkey.kill()
    private_valkey.start()
    with client(private_valkey) as connection:
        assert connection.get("key") is None


def test_a_paused_one_does_not_answer_until_it_goes_on(private_valkey: EmbeddedValkey) -> None:
    with client(private_valkey) as connection:
        connection.ping()
        private_valkey.pause()
        with pytest.raises(redis.TimeoutError):
            connection.ping()
        private_valkey.resume()
        assert connection.ping()


def test_a_paused_one_can_be_stopped(private_valkey: EmbeddedValkey) -> None:
    private_valkey.pause()
    private_valkey.stop()
    assert not private_valkey.running


def test_without_the_password_it_answers_nothing(private_valkey: EmbeddedValkey) -> None:
    with (
        redis.Redis(
            host="127.0.0.1", port=private_valkey.port, retry=Retry(NoBackoff(), 0)
        ) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.get("rev:sid:1")


def test_the_password_is_not_in_the_process_list(private_valkey: EmbeddedValkey) -> None:
    command_line = Path(f"/proc/{private_valkey.pid}/cmdline").read_text()
    assert private_valkey.password not in command_line
    mode = (private_valkey.data_dir / "valkey.conf").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = EmbeddedValkey(tmp_path, port=port)
        with pytest.raises(PortTaken, match=f"port {port} .* is in use"):
            server.start()


def test_a_broken_directory_says_what_to_do(durable: EmbeddedValkey) -> None:
    durable.stop()
    manifest = durable.data_dir / "appendonlydir" / "appendonly.aof.manifest"
    manifest.write_text("not a manifest\n")
    with pytest.raises(DataDirectoryBroken, match="move it away with `mv ") as refused:
        durable.start()
    assert "\n" not in str(refused.value)


def test_a_directory_in_use_is_named(durable: EmbeddedValkey) -> None:
    second = EmbeddedValkey(durable.data_dir, busy_seconds=0.1)
    with pytest.raises(DataDirectoryBusy, match="another Valkey already runs on"):
        second.start()
    assert durable.running


def test_an_unexpected_death_is_noticed(private_valkey: EmbeddedValkey) -> None:
    os.kill(private_valkey.pid, signal.SIGKILL)
    os.waitid(os.P_PID, private_valkey.pid, os.WEXITED | os.WNOWAIT)
    assert not private_valkey.running
