"""`masijala doctor` finds what is wrong, and says what to do."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from devstack.doctor import Finding, examine
from devstack.home import Home, write_json
from devstack.programs import Program
from devstack.servers.ports import free_port
from devstack.settings import DevstackSettings
from devstack.supervisor import Supervisor


@pytest.fixture
def settings(tmp_path: Path) -> DevstackSettings:
    return DevstackSettings(home=tmp_path / "home", port=0)


async def findings(settings: DevstackSettings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in await examine(settings)}


async def test_all_is_well_before_the_first_start(settings: DevstackSettings) -> None:
    found = await findings(settings)
    assert all(finding.good for finding in found.values()), found
    assert "PostgreSQL" in found["Postgres"].detail
    assert "Valkey" in found["Valkey"].detail


async def test_it_changes_nothing(settings: DevstackSettings) -> None:
    await findings(settings)
    assert not settings.home.exists()


async def test_a_port_in_use_is_found(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        port = taken.getsockname()[1]
        found = await findings(DevstackSettings(home=tmp_path, port=port))
    assert not found["port of gateway"].good
    assert "set MASIJALA_PORT" in found["port of gateway"].detail


async def test_a_broken_data_directory_is_found(settings: DevstackSettings) -> None:
    (settings.home / "postgres" / "pgdata").mkdir(parents=True)
    found = await findings(settings)
    assert not found["database"].good
    assert "move it away" in found["database"].detail


async def test_the_running_stack_is_checked(
    settings: DevstackSettings, tmp_path: Path, service: Callable[[str], Program]
) -> None:
    home = Home(settings.home)
    home.create()
    supervisor = Supervisor(tmp_path)
    auth = service("auth")
    unreachable = f"http://127.0.0.1:{free_port()}"
    try:
        await supervisor.start([auth])
        where = {"process": supervisor.pid("auth"), "auth_url": auth.ready_url}
        write_json(home.running, where | {"gateway_url": unreachable, "core_url": unreachable})
        found = await findings(settings)
    finally:
        await supervisor.stop()
    assert found["auth"].good
    assert not found["core"].good
    assert "port of gateway" not in found


async def test_the_note_of_a_stack_that_was_killed_is_ignored(settings: DevstackSettings) -> None:
    home = Home(settings.home)
    home.create()
    write_json(home.running, {"process": 2**22 + 1})  # above the kernel's highest process ID
    assert "port of gateway" in await findings(settings)
