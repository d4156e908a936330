"""Anchors outside the database reveal what its owner changed in the audit."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from common.audit.anchors import GivenAnchors
from common.audit.checkpoints import CheckpointKeys
from common.audit.maintenance import ChainAudit
from common.audit.sealer import REPLACED_WITHIN, Sealer
from common.clock import FrozenClock
from common.composition import Units
from common.database import Database
from core_service.audit.models import AUDIT_CHAIN
from core_service.settings import CoreSettings
from testkit.audit_chains import cut_off, rewrite
from testkit.core.api import Api
from testkit.core.processes import process_environment, run_module

NONE = GivenAnchors(())


@pytest.fixture
def settings(settings: CoreSettings, tmp_path: Path) -> CoreSettings:
    return settings.model_copy(update={"audit_anchors": tmp_path / "anchors.jsonl"})


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[Database]:
    """The database with its owner's role."""
    database = Database.connect(database_url)
    yield database
    await database.close()


async def record(admin: Api, *numbers: int) -> None:
    for number in numbers:
        body = {"label": f"Flood {number}", "cause": "external"}
        assert (await admin.post("/adjournment-reasons", body)).status_code == 201


@pytest.fixture
async def sealed(core: Units, admin: Api, clock: FrozenClock) -> Units:
    """Nine events, with anchors at positions 3, 6 and 9."""
    for first in (1, 4, 7):
        await record(admin, first, first + 1, first + 2)
        await core.get(Sealer).checkpoint()
        clock.advance(seconds=61)
    return core


async def verdict(core: Units) -> tuple[list[str], int]:
    """The lines that are printed, and the exit code."""
    report = await core.get(ChainAudit).verify()
    return list(report.lines()), report.exit_code(require_anchor=True)


async def test_an_unchanged_audit_is_anchored_at_the_last_checkpoint(sealed: Units) -> None:
    (line,), code = await verdict(sealed)
    assert "anchored at position 9 of 2026-06-01T09:02:02" in line
    assert code == 0


async def test_a_truncated_end_is_reported(sealed: Units, owner: Database) -> None:
    await cut_off(owner, AUDIT_CHAIN, 6)
    lines, code = await verdict(sealed)
    assert lines[0] == "cut off: position 7 to 9"
    assert code == 1


async def test_a_rolled_back_database_is_reported_however_many_events_follow(
    sealed: Units, owner: Database, admin: Api
) -> None:
    await cut_off(owner, AUDIT_CHAIN, 4)
    await record(admin, *range(11, 21))
    await sealed.get(Sealer).checkpoint()
    lines, code = await verdict(sealed)
    assert lines[0].startswith("rewritten: position 4 to 9 (row ")
    assert code == 1


async def test_a_chain_rewritten_and_signed_with_the_key_is_reported(
    sealed: Units, owner: Database, clock: FrozenClock
) -> None:
    await rewrite(owner, AUDIT_CHAIN, 5, {"operation": "x"}, (sealed.get(CheckpointKeys), clock))
    assert (await sealed.get(ChainAudit).verify(NONE)).faults == []  # consistent in itself
    lines, code = await verdict(sealed)
    assert lines[0].startswith("rewritten: position 4 to 9 (row ")
    assert code == 1


def rotated(core: Units) -> CheckpointKeys:
    """The keys after a rotation, of which the retired one comes second."""
    return CheckpointKeys(
        ("the next key of the audit 0123456789", *core.get(CheckpointKeys).secrets)
    )


async def test_a_chain_rewritten_with_a_retired_key_is_reported(
    sealed: Units, owner: Database, admin: Api, clock: FrozenClock
) -> None:
    keys, old = rotated(sealed), (sealed.get(CheckpointKeys), clock)
    await record(admin, 10)
    await replace(sealed.get(Sealer), keys=keys).checkpoint()
    await rewrite(owner, AUDIT_CHAIN, 10, {"operation": "x"}, old)
    lines = [*(await replace(sealed.get(ChainAudit), keys=keys).verify()).lines()]
    assert [line.partition(" (")[0] for line in lines[:2]] == [
        "forged: position 10",
        "rewritten: position 10",
    ]


async def test_the_next_key_signs_with_the_first_event_after_the_rotation(
    sealed: Units, admin: Api
) -> None:
    await record(admin, 10)
    await sealed.get(Sealer).checkpoint()
    await record(admin, 11)
    await replace(sealed.get(Sealer), keys=rotated(sealed)).run()
    by_old_key = await sealed.get(ChainAudit).verify(NONE)
    assert [str(fault) for fault in by_old_key.faults] == ["unproven: position 11"]


async def test_a_replica_with_the_retired_key_alone_signs_no_more(
    sealed: Units, admin: Api, clock: FrozenClock
) -> None:
    old, audit = sealed.get(Sealer), replace(sealed.get(ChainAudit), keys=rotated(sealed))
    await record(admin, 10)
    await replace(old, keys=rotated(sealed)).checkpoint()
    await record(admin, 11)
    clock.advance(seconds=REPLACED_WITHIN.seconds - 1)
    assert await old.run() == 1
    report = await audit.verify()
    assert (report.faults, report.checkpoints) == ([], 5)  # with the beginning


async def test_without_an_anchor_the_result_is_unanchored(sealed: Units) -> None:
    report = await sealed.get(ChainAudit).verify(NONE)
    (line,) = report.lines()
    assert "unanchored" in line
    assert report.exit_code(require_anchor=False) == 0
    assert report.exit_code(require_anchor=True) == 1


def verify(settings: CoreSettings, *options: str, log: str = "") -> tuple[int, str]:
    """The exit code and the output of `core verify-audit` without a configured anchor file."""
    command = ("core_service.cli", "verify-audit", *options)
    result = run_module(process_environment(settings), *command, stdin=log)
    return result.returncode, result.stdout + result.stderr


def test_the_command_reads_anchors_from_an_option_a_file_or_standard_input(
    sealed: Units, settings: CoreSettings
) -> None:
    anchors = sealed.get(Sealer).anchors
    assert anchors is not None
    log = anchors.path.read_text()

    unanchored = verify(settings)
    assert (unanchored[0], "unanchored" in unanchored[1]) == (0, True)
    assert verify(settings, "--require-anchor")[0] == 1
    for options in (("--anchors", "-"), ("--anchors", str(anchors.path))):
        code, output = verify(settings, *options, "--require-anchor", log=log)
        assert (code, "anchored at position 9" in output) == (0, True)
    code, output = verify(settings, "--expect", f"8:{'0' * 64}")
    assert (code, "rewritten: position 7 to 8" in output) == (1, True)
    assert verify(settings, "--expect", "8")[0] == 2
