"""The embedded Postgres: it keeps data, says what is wrong, and never outlives its parent."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from devstack.servers.errors import DataDirectoryBroken, DataDirectoryBusy, PortTaken
from devstack.servers.postgres import EmbeddedPostgres
from testkit.processes import children, wait_until_ended


@pytest.fixture
def server(private_postgres: EmbeddedPostgres) -> EmbeddedPostgres:
    return private_postgres


def remember(server: EmbeddedPostgres, word: str) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])


def remembered(server: EmbeddedPostgres) -> list[tuple[str]]:
    with psycopg.connect(server.url) as connection:
        return connection.execute("SELECT word FROM words").fetchall()


def test_data_and_port_survive_a_restart(server: EmbeddedPostgres) -> None:
    port = server.port
    remember(server, "masijala")
    server.stop()
    server.start()
    assert (server.port, remembered(server)) == (port, [("masijala",)])


def test_committed_data_survive_a_crash(server: EmbeddedPostgres) -> None:
    remember(server, "masijala")
    server.kill()
    server.start()
    assert remembered(server) == [("masijala",)]


def test_stop_leaves_no_process(server: EmbeddedPostgres) -> None:
    processes = [server.pid, *children(server.pid)]
    assert len(processes) > 1
    server.stop()
    assert not server.running
    wait_until_ended(*processes)


def test_stop_twice_is_harmless(server: EmbeddedPostgres) -> None:
    server.stop()
    server.stop()


def test_it_listens_on_loopback_and_nowhere_else(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT current_setting('listen_addresses'), "
            "current_setting('unix_socket_directories'), current_setting('TimeZone')"
        ).fetchone()
    assert row == ("127.0.0.1", "", "UTC")


def test_a_wrong_password_is_refused(server: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url.replace(server.password, "guess"))


def test_the_password_file_is_its_owners_alone(server: EmbeddedPostgres) -> None:
    mode = (server.data_dir / "password").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_port_in_use_is_named(server: EmbeddedPostgres, tmp_path: Path) -> None:
    second = EmbeddedPostgres(tmp_path / "second", port=server.port, durable=False)
    with pytest.raises(PortTaken, match=f"port {server.port} .* is in use"):
        second.start()


def test_a_directory_in_use_is_named(server: EmbeddedPostgres) -> None:
    second = EmbeddedPostgres(server.data_dir, durable=False, busy_seconds=0.1)
    with pytest.raises(DataDirectoryBusy, match="another Postgres already runs"):
        second.start()
    assert server.running


def _no_version(pgdata: Path) -> None:
    (pgdata / "PG_VERSION").unlink()


def _old_version(pgdata: Path) -> None:
    (pgdata / "PG_VERSION").write_text("9\n")


def _torn_control_file(pgdata: Path) -> None:
    (pgdata / "global" / "pg_control").write_bytes(b"torn")


@pytest.mark.parametrize("damage", [_no_version, _old_version, _torn_control_file])
def test_a_broken_directory_says_what_to_do_on_one_line(
    server: EmbeddedPostgres, damage: Callable[[Path], None]
) -> None:
    server.stop()
    damage(server.pgdata)
    with pytest.raises(DataDirectoryBroken) as refused:
        server.start()
    message = str(refused.value)
    assert f"mv {server.pgdata} {server.pgdata}.old" in message
    assert "\n" not in message
    assert not server.running


def test_moving_a_broken_directory_is_enough(server: EmbeddedPostgres) -> None:
    server.stop()
    _no_version(server.pgdata)
    server.pgdata.rename(server.pgdata.with_suffix(".old"))
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_half_made_directory_of_an_interrupted_start_does_no_harm(tmp_path: Path) -> None:
    draft = tmp_path / "pgdata.draft"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert server.running
    assert not draft.exists()


def test_directories_above_keep_their_permissions(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "postgres", durable=False) as server:
        assert server.running
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


ORPHAN = """
import pathlib, sys, time
from devstack.servers.postgres import EmbeddedPostgres
from testkit.processes import children, wait_until_ended
server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), durable=False)
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_does_not_outlive_a_killed_parent(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", ORPHAN, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603 - our own text
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        os.kill(parent.pid, number)
    wait_until_ended(orphan)


def test_a_start_waits_for_the_server_of_a_killed_parent_to_end(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ORPHAN, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603 - our own text
        assert parent.stdout is not None
        parent.stdout.readline()
        parent.kill()
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert server.running
