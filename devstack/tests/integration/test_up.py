"""`masijala up` as a process: what it says, how it ends, and that it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from devstack.servers.ports import free_row
from testkit.processes import children, is_running, wait_until_ended

SCRIPT = Path(__file__).with_name("fake_stack.py")


@dataclass
class Up:
    """A running `masijala up`."""

    process: subprocess.Popen[str]
    folder: Path

    def wait_for(self, text: str) -> None:
        """Read its output up to a line with the text."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if text in line:
                return
        raise AssertionError(self.errors())

    def errors(self) -> str:
        """Standard error, once the process has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def everything(self) -> list[int]:
        """All processes of the stack: services, Postgres with its own children, Valkey."""
        first = children(self.process.pid)
        return [*first, *(each for child in first for each in children(child))]


Start = Callable[..., Up]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def port() -> int:
    """The first of four free ports in a row."""
    return free_row(4)[0]


@pytest.fixture
def start(folder: Path, port: int) -> Iterator[Start]:
    started: list[Up] = []

    def run(fault: str = "none", **variables: str) -> Up:
        environment = {**os.environ, "MASIJALA_HOME": "home", "MASIJALA_PORT": str(port)}
        process = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, str(SCRIPT), fault],
            cwd=folder,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(Up(process, folder))
        return started[-1]

    yield run
    for up in started:
        up.process.kill()
        up.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_with_exit_code_0(start: Start, number: signal.Signals) -> None:
    up = start()
    up.wait_for("Ctrl-C stops it")
    processes = up.everything()
    assert len(processes) > 5
    up.process.send_signal(number)
    assert up.process.wait() == 0
    assert not any(is_running(pid) for pid in processes)


def test_a_signal_during_the_start_leaves_nothing(start: Start) -> None:
    up = start()
    up.wait_for("starting Postgres and Valkey")
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait() == 0
    start().wait_for("Ctrl-C stops it")  # no process holds the home, the ports or the data


def test_killing_the_supervisor_leaves_no_process(start: Start) -> None:
    up = start()
    up.wait_for("Ctrl-C stops it")
    processes = up.everything()
    up.process.kill()
    wait_until_ended(*processes)


def test_the_second_start_after_a_kill_keeps_the_password(start: Start, folder: Path) -> None:
    up = start()
    up.wait_for("Ctrl-C stops it")
    before = (folder / "home" / "secrets.json").read_text()
    up.process.kill()
    start().wait_for("Ctrl-C stops it")
    assert (folder / "home" / "secrets.json").read_text() == before


def test_the_banner_says_how_to_sign_in(start: Start) -> None:
    start(MASIJALA_DEMO_PASSWORD="correct-horse-battery").wait_for("correct-horse-battery")


def test_each_service_gets_a_database_and_a_role_of_its_own(start: Start, folder: Path) -> None:
    start().wait_for("Ctrl-C stops it")
    url = (folder / "databases").read_text()
    assert url.startswith("postgresql://core_service:")
    assert url.endswith("/core")


def refused(up: Up) -> str:
    """The one line with which it ended."""
    output, errors = up.process.communicate(timeout=60)
    assert up.process.returncode == 1, output
    lines = errors.splitlines()
    assert len(lines) == 1, errors
    return lines[0]


@pytest.mark.parametrize("offset", [0, 1, 2, 3])
def test_a_port_in_use_is_one_clear_line(start: Start, port: int, offset: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + offset))
        taken.listen()
        line = refused(start())
    name = ("gateway", "auth", "core", "policy")[offset]
    assert line == (
        f"masijala: port {port + offset} ({name}) is in use: "
        "stop what uses it, or set MASIJALA_PORT to another port"
    )


def test_a_second_stack_from_the_same_home_is_one_clear_line(start: Start) -> None:
    first = start()
    first.wait_for("Ctrl-C stops it")
    assert "a stack already runs from" in refused(start(MASIJALA_PORT="0"))
    assert first.process.poll() is None


def test_a_broken_data_directory_is_one_clear_line(start: Start, folder: Path) -> None:
    up = start()
    up.wait_for("Ctrl-C stops it")
    up.process.terminate()
    up.process.wait()
    (folder / "home" / "postgres" / "pgdata" / "PG_VERSION").unlink()
    assert "to start afresh, move it away with `mv " in refused(start())


def test_a_child_that_dies_at_the_start_is_one_clear_line(start: Start, folder: Path) -> None:
    line = refused(start("auth"))
    assert line.startswith("masijala: auth died (exit code 1, its last output ")
    assert line.endswith(f"see {folder}/home/logs/auth.log")


def test_a_child_that_dies_while_running_stops_the_stack(start: Start, folder: Path) -> None:
    up = start()
    up.wait_for("Ctrl-C stops it")
    processes = up.everything()
    os.kill(int((folder / "core.pid").read_text()), signal.SIGKILL)
    assert "core died (killed by SIGKILL" in refused(up)
    assert not any(is_running(pid) for pid in processes)


def test_postgres_dying_while_running_stops_the_stack(start: Start, folder: Path) -> None:
    up = start()
    up.wait_for("Ctrl-C stops it")
    postmaster = (folder / "home" / "postgres" / "pgdata" / "postmaster.pid").read_text()
    os.kill(int(postmaster.splitlines()[0]), signal.SIGKILL)
    assert "Postgres died: see " in refused(up)


@pytest.mark.parametrize(
    ("fault", "words"),
    [("configuration", "field not found, node: adress"), ("port", "bind: address already in use")],
)
def test_why_traefik_does_not_start_is_one_clear_line(
    start: Start, folder: Path, fault: str, words: str
) -> None:
    line = refused(start(fault))
    assert line.startswith("masijala: traefik died (exit code 1, its last output ")
    assert words in line
    assert line.endswith(f"see {folder}/home/logs/traefik.log")


def test_a_platform_without_traefik_is_one_clear_line(start: Start) -> None:
    line = refused(start("wheel"))
    assert line == "masijala: the Traefik package holds no program for this machine's platform"


def test_an_environment_that_the_gateway_refuses_is_one_clear_line(
    start: Start, folder: Path
) -> None:
    line = refused(start(GATEWAY_QUOTA_USER="many"))
    assert line.startswith("masijala: render-traefik failed (exit code ")
    assert "QUOTA_USER" in line.upper()
    assert line.endswith(f"see {folder}/home/logs/render-traefik.log")
