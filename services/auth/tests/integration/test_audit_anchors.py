"""Anchors outside the database show what its owner did to the log."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from auth_service.audit.actions import Action
from auth_service.audit.models import AUDIT_CHAIN
from auth_service.audit.retention import prune_months
from auth_service.audit.service import AuditLog, Event
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.wiring import wire
from common.audit.anchors import Anchor, AnchorFile, GivenAnchors
from common.audit.checkpoints import CheckpointKeys, CheckpointKind
from common.audit.links import Link
from common.audit.maintenance import ChainAudit
from common.audit.sealer import Sealer
from common.clock import FrozenClock
from testkit.audit_chains import cut_off, rewrite

ROUNDS = 3

NONE = GivenAnchors(())


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors.jsonl"


@pytest.fixture
def settings_changes(anchors: Path) -> dict[str, Any]:
    return {"audit_anchors": anchors}


async def record(auth: AuthUnits, events: int) -> None:
    for number in range(events):
        async with auth.begin() as unit:
            unit.get(AuditLog).record(Event(Action.LOGIN, reason=f"test {number}"))


@pytest.fixture
async def sealed(auth: AuthUnits, clock: FrozenClock) -> AuthUnits:
    """Ten events, and places noted at 4, 7 and 10."""
    for _ in range(ROUNDS):
        await record(auth, 3)  # the first signing key has an event as well
        await auth.get(Sealer).checkpoint()
        clock.advance(seconds=61)
    return auth


async def verdict(auth: AuthUnits) -> tuple[list[str], int]:
    """The lines that are printed, and the exit code."""
    report = await auth.get(ChainAudit).verify()
    return list(report.lines()), report.exit_code(require_anchor=True)


async def test_a_whole_log_is_anchored_at_the_last_checkpoint(
    sealed: AuthUnits, anchors: Path
) -> None:
    (line,), code = await verdict(sealed)
    assert "anchored at position 10 of 20" in line
    assert "unanchored" not in line
    assert code == 0
    assert [each.link.position for each in AnchorFile(anchors, "auth").read()] == [4, 7, 10]


async def test_a_deleted_end_is_reported(sealed: AuthUnits, owned_chain: ChainAudit) -> None:
    await cut_off(owned_chain.database, AUDIT_CHAIN, 7)
    lines, code = await verdict(sealed)
    assert lines[0] == "cut off: position 8 to 10"
    assert "its end was deleted, or it was restored to an earlier state" in lines[1]
    assert code == 1


async def test_an_emptied_log_is_named(sealed: AuthUnits, owned_chain: ChainAudit) -> None:
    await cut_off(owned_chain.database, AUDIT_CHAIN, 0)
    lines, _ = await verdict(sealed)
    assert lines[0] == "cut off: position 1 to 10"


async def test_a_rolled_back_database_is_reported_however_many_events_follow(
    sealed: AuthUnits, owned_chain: ChainAudit
) -> None:
    await cut_off(owned_chain.database, AUDIT_CHAIN, 5)
    await record(sealed, 1)
    await sealed.get(Sealer).checkpoint()  # at 6: the service knows nothing of it
    lines, _ = await verdict(sealed)
    assert lines[0] == "cut off: position 7 to 10"
    await record(sealed, 12)
    await sealed.get(Sealer).checkpoint()
    lines, code = await verdict(sealed)
    assert lines[0].startswith("rewritten: position 7 to 10 (row ")
    assert "went on from an earlier state" in lines[1]
    assert code == 1


async def test_a_chain_rewritten_and_signed_with_the_key_is_reported(
    sealed: AuthUnits, owned_chain: ChainAudit, clock: FrozenClock
) -> None:
    signer = (owned_chain.keys, clock)
    await rewrite(owned_chain.database, AUDIT_CHAIN, 6, {"reason": "x"}, signer)
    assert (await sealed.get(ChainAudit).verify(NONE)).faults == []  # it is whole in itself
    lines, code = await verdict(sealed)
    assert lines[0].startswith("rewritten: position 5 to 10 (row ")
    assert code == 1


async def test_an_anchor_with_a_wrong_signature_is_reported(
    sealed: AuthUnits, anchors: Path, clock: FrozenClock
) -> None:
    stranger = CheckpointKeys(("another key of the tests 0123456789",))
    made = stranger.sign(CheckpointKind.HEAD, Link(99, bytes(32)), clock.now())
    ours = sealed.get(ChainAudit).keys.sign(CheckpointKind.HEAD, made.link, made.made_at)
    forged = type(made)(made.kind, made.link, made.made_at, ours.key_id, made.signature)
    AnchorFile(anchors, "auth").append(forged)
    lines, _ = await verdict(sealed)
    assert lines[0] == "forged: position 99"


async def test_a_given_anchor_is_checked_in_addition_to_the_file(sealed: AuthUnits) -> None:
    place = Anchor(Link(8, bytes(32)))
    report = await sealed.get(ChainAudit).verify(GivenAnchors(expected=place))
    assert [str(fault).partition(" (")[0] for fault in report.faults] == ["rewritten: position 8"]
    assert report.anchor is not None
    assert report.anchor.link.position == 10


async def test_without_an_anchor_the_result_is_unanchored(
    sealed: AuthUnits, owned_chain: ChainAudit
) -> None:
    await cut_off(owned_chain.database, AUDIT_CHAIN, 7)
    report = await sealed.get(ChainAudit).verify(NONE)
    (line,) = report.lines()
    assert "unanchored (nothing outside the database proves that its end is still there)" in line
    assert report.exit_code(require_anchor=False) == 0
    assert report.exit_code(require_anchor=True) == 1


async def test_after_retention_older_anchors_are_ignored_and_newer_ones_are_checked(
    sealed: AuthUnits, owned_chain: ChainAudit, clock: FrozenClock
) -> None:
    clock.advance(days=40)
    assert await prune_months(sealed.get(Sealer), owned_chain, sealed, clock.now()) == 10
    (line,), _ = await verdict(sealed)
    assert "anchored at position 10 " in line
    await record(sealed, 2)
    await sealed.get(Sealer).checkpoint()
    await cut_off(owned_chain.database, AUDIT_CHAIN, 10)
    lines, _ = await verdict(sealed)
    assert "cut off: position 11 to 13" in lines


async def test_retention_removes_nothing_when_the_end_of_the_log_was_deleted(
    sealed: AuthUnits, owned_chain: ChainAudit, clock: FrozenClock
) -> None:
    await cut_off(owned_chain.database, AUDIT_CHAIN, 7)
    with pytest.raises(Exception, match="nothing was removed: cut off: position 8 to 10"):
        await prune_months(sealed.get(Sealer), owned_chain, sealed, clock.now())


async def test_sealing_continues_when_the_anchor_file_cannot_be_written(
    sealed: AuthUnits, clock: FrozenClock
) -> None:
    settings = sealed.get(AuthSettings).model_copy(
        update={"audit_anchors": Path("/proc/no/such/file")}
    )
    other = wire(settings, clock)
    try:
        await record(sealed, 1)
        assert (await other.get(Sealer).checkpoint()).position == 11
        assert (await other.get(ChainAudit).verify()).faults == []
    finally:
        await other.close()


def test_the_command_takes_a_file_or_standard_input(
    sealed: AuthUnits, anchors: Path, run: Callable[..., Result]
) -> None:
    log = anchors.read_text()
    anchors.unlink()
    assert sealed.get(AuthSettings).audit_anchors == anchors  # which the command below does not get

    assert "anchored at position 10" in run("verify-audit", "--anchors", "-", input=log).output
    anchors.write_text(log)
    given = run("verify-audit", "--anchors", str(anchors), "--require-anchor")
    assert (given.exit_code, "anchored at position 10" in given.output) == (0, True)
    wrong = run("verify-audit", "--anchors", str(anchors), "--expect", f"8:{'0' * 64}")
    assert (wrong.exit_code, "rewritten: position 8" in wrong.output) == (1, True)


@pytest.mark.usefixtures("sealed")
def test_the_command_reports_unanchored_and_can_require_an_anchor(
    run: Callable[..., Result],
) -> None:
    plain = run("verify-audit")
    assert (plain.exit_code, "unanchored" in plain.output) == (0, True)
    assert run("verify-audit", "--require-anchor").exit_code == 1


@pytest.mark.usefixtures("sealed")
def test_a_source_without_anchors_is_refused(run: Callable[..., Result]) -> None:
    empty = run("verify-audit", "--anchors", "-", input="some other log\n")
    assert empty.exit_code == 2
    assert "no audit_checkpoint line of auth" in empty.output
