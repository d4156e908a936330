"""What is put into new databases, and that it is done once."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from devstack import provisioning as module
from devstack.environment import Wiring
from devstack.errors import CommandFailed
from devstack.home import Home
from devstack.programs import Program
from devstack.provisioning import Provisioning

COURTS = 'seeding\n{"courts": {"Testville": "c1", "Testville Court of Appeal": "c2"}}\n'
MIGRATIONS = ["migrate-auth", "migrate-core"]
ALL = [*MIGRATIONS, "ensure-client", "seed-core", "seed-auth"]


@dataclass
class Commands:
    """Replaces the services' command lines."""

    output: str = COURTS
    run: list[Program] = field(default_factory=list)

    async def __call__(self, program: Program, _log: Path) -> str:
        self.run.append(program)
        return self.output

    def names(self) -> list[str]:
        """The commands of this run, in order; the next call tells of later ones alone."""
        names = [program.name for program in self.run]
        self.run.clear()
        return names


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    commands = Commands()
    monkeypatch.setattr(module, "run_command", commands)
    return commands


@pytest.fixture(autouse=True)
def identities(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What identifies the database behind each URL; a test can replace one."""
    known: dict[str, str] = {}
    monkeypatch.setattr(module, "_identity", lambda url: known.setdefault(url, f"first {url}"))
    return known


@pytest.fixture
def provisioning(wiring: Wiring, tmp_path: Path) -> Provisioning:
    home = Home(tmp_path)
    home.create()
    return Provisioning(home, wiring, demo=True)


async def test_the_first_start_makes_the_client_and_the_demo(
    provisioning: Provisioning, commands: Commands
) -> None:
    await provisioning.prepare()
    assert commands.names() == ALL


async def test_the_second_start_runs_no_command(
    provisioning: Provisioning, commands: Commands
) -> None:
    await provisioning.prepare()
    commands.run.clear()
    await provisioning.prepare()
    assert commands.names() == []


async def test_the_clerk_gets_the_demo_courts(
    provisioning: Provisioning, commands: Commands
) -> None:
    await provisioning.prepare()
    assert commands.run[-1].command[-3:] == ("seed-demo", "--clerk-courts", "c1,c2")


async def test_passwords_travel_in_the_environment_and_not_on_the_command_line(
    provisioning: Provisioning, commands: Commands
) -> None:
    await provisioning.prepare()
    secrets = provisioning.wiring.secrets
    client, _, accounts = commands.run[2:]
    assert client.environment["AUTH_CLIENT_SECRET"] == secrets.core_client_secret
    assert accounts.environment["AUTH_DEMO_PASSWORD"] == secrets.demo_password
    words = {word for program in commands.run for word in program.command}
    assert words.isdisjoint({secrets.core_client_secret, secrets.demo_password})


async def test_without_demo_mode_only_the_client_is_made(
    provisioning: Provisioning, commands: Commands
) -> None:
    await replace(provisioning, demo=False).prepare()
    assert commands.names() == [*MIGRATIONS, "ensure-client"]


async def test_demo_mode_switched_on_later_adds_the_demo(
    provisioning: Provisioning, commands: Commands
) -> None:
    await replace(provisioning, demo=False).prepare()
    commands.run.clear()
    await provisioning.prepare()
    assert commands.names() == ["seed-core", "seed-auth"]


async def test_a_recreated_database_is_filled_again(
    provisioning: Provisioning, commands: Commands, identities: dict[str, str]
) -> None:
    await provisioning.prepare()
    commands.run.clear()
    identities[provisioning.wiring.auth_database_url] = "recreated"
    await provisioning.prepare()
    assert commands.names() == ALL


async def test_a_new_password_reaches_the_demo_accounts(
    provisioning: Provisioning, commands: Commands
) -> None:
    await provisioning.prepare()
    commands.run.clear()
    secrets = replace(provisioning.wiring.secrets, demo_password="another one entirely")
    changed = replace(provisioning, wiring=replace(provisioning.wiring, secrets=secrets))
    await changed.prepare()
    assert commands.names() == ["seed-core", "seed-auth"]


async def test_changed_code_is_migrated_again_and_nothing_else_is_done(
    provisioning: Provisioning, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    await provisioning.prepare()
    commands.run.clear()
    monkeypatch.setattr(module, "code_fingerprint", lambda *_: "newer code")
    await provisioning.prepare()
    assert commands.names() == MIGRATIONS


async def test_what_was_done_before_an_interruption_is_not_done_again(
    provisioning: Provisioning, commands: Commands
) -> None:
    commands.output = "nothing useful"
    with pytest.raises(CommandFailed, match="did not name the demo courts"):
        await provisioning.prepare()
    commands.run.clear()
    commands.output = COURTS
    await provisioning.prepare()
    assert commands.names() == ["seed-core", "seed-auth"]


async def test_completed_steps_are_stored_without_any_secret(
    provisioning: Provisioning, commands: Commands
) -> None:
    await provisioning.prepare()
    stored = provisioning.home.provisioned.read_text()
    assert commands.run
    assert provisioning.wiring.secrets.demo_password not in stored
