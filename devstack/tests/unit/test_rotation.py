"""The order of a rotation's steps, and which secrets a stack has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from common.secret_values import SecretValue, Stage
from devstack.errors import StackError
from devstack.rotation import BACKUPS, NAMES, Rotation, RotationUnfinished


@dataclass
class RecordingSite:
    """Writes down what is done; `faults` are what the proof finds."""

    lacks: frozenset[str] = frozenset()
    faults: Sequence[str] = ()
    done: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    async def change(self, stage: Stage, names: Sequence[str]) -> Mapping[str, SecretValue]:
        self.done.append(stage.value)
        self.changed = list(names)
        return {name: SecretValue("new") for name in names}

    async def replace(self, services: Sequence[str]) -> None:
        self.done += services

    async def auth(self, *command: str, **_: str) -> str:
        return command[0]

    async def back_up(self) -> None:
        self.done.append("back up")

    async def prove(self, values: Mapping[str, SecretValue]) -> Sequence[str]:
        self.done.append(f"prove {', '.join(values)}")
        return self.faults


async def test_a_passphrase_of_backups_gets_a_full_backup_before_it_is_the_only_one() -> None:
    site = RecordingSite()
    await Rotation(site, lambda _: None).run([BACKUPS])
    assert site.done == ["introduce", "back up", "swap", "retire", f"prove {BACKUPS}"]


async def test_a_fault_that_the_proof_finds_ends_it() -> None:
    site = RecordingSite(faults=["a former passphrase opens the new repository"])
    with pytest.raises(RotationUnfinished, match="opens the new repository"):
        await Rotation(site, lambda _: None).run([BACKUPS])


async def test_a_stack_without_backups_rotates_all_else_and_refuses_their_passphrase() -> None:
    site = RecordingSite(lacks=frozenset({BACKUPS}))
    with pytest.raises(StackError, match="name a secret"):
        await Rotation(site, lambda _: None).run([BACKUPS])
    await Rotation(site, lambda _: None).run(["all"])
    assert set(site.changed) == set(NAMES) - {BACKUPS, "signing_keys"}
    assert "back up" not in site.done
