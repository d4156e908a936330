"""The sealed audit log: every event gets its place, and no change goes unnoticed."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from auth_service.audit.actions import Action
from auth_service.audit.retention import prune_months
from auth_service.audit.service import AuditLog, Event
from auth_service.settings import AuthSettings
from auth_service.tables import METADATA
from auth_service.units import AuthUnits
from auth_service.wiring import wire
from common.audit.anchors import Anchor, GivenAnchors
from common.audit.links import Link
from common.audit.maintenance import ChainAudit
from common.audit.sealer import Sealer
from common.audit.verification import FaultKind
from common.clock import FrozenClock
from common.errors import Conflict
from testkit.auth.api import Api


async def record(auth: AuthUnits, events: int) -> None:
    for number in range(events):
        async with auth.begin() as unit:
            unit.get(AuditLog).record(
                Event(Action.LOGIN, reason=f"test {number}", details={"é": [1.5]})
            )


def tamper(database_url: str, *statements: str) -> None:
    """Change the table as its owner."""
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
        for statement in statements:
            connection.execute(statement)
        connection.execute("ALTER TABLE audit_events ENABLE TRIGGER USER")


async def faults(auth: AuthUnits) -> list[str]:
    return [str(fault) for fault in (await auth.get(ChainAudit).verify()).faults]


async def test_what_happens_is_sealed_and_verifies(api: Api, auth: AuthUnits, clerk: str) -> None:
    await api.refresh((await api.login(clerk)).json()["refresh_token"])
    await api.login(clerk, "a password that is wrong")
    await auth.get(Sealer).checkpoint()
    report = await auth.get(ChainAudit).verify()
    assert report.faults == []
    assert report.rows >= 6
    assert (report.unsealed, report.head.position) == (0, report.rows)


async def test_events_are_exported_in_order_of_sequence_and_in_batches(auth: AuthUnits) -> None:
    await record(auth, 3)
    async with auth.begin() as unit:
        for _ in range(250):
            unit.get(AuditLog).record(Event(Action.LOGIN))
    assert await auth.get(Sealer).run() >= 253
    assert await auth.get(Sealer).run() == 0
    assert await faults(auth) == []


async def test_an_event_that_commits_late_gets_the_next_place(
    auth: AuthUnits, database_url: str
) -> None:
    insert = (
        "INSERT INTO audit_events (occurred_at, action, outcome, details)"
        " VALUES (now(), 'login', 'success', '{}')"
    )
    await auth.get(Sealer).run()
    with psycopg.connect(database_url) as slow:
        slow.execute(insert)
        await record(auth, 2)
        await auth.get(Sealer).run()
    assert await auth.get(Sealer).run() == 1
    assert await faults(auth) == []


async def test_replicas_seal_one_at_a_time(
    auth: AuthUnits, settings: AuthSettings, clock: FrozenClock
) -> None:
    other = wire(settings, clock)
    try:
        for _ in range(5):
            await record(auth, 10)
            await asyncio.gather(*(each.get(Sealer).run() for each in (auth, other, auth, other)))
        await auth.get(Sealer).run()
        report = await auth.get(ChainAudit).verify()
        assert (report.faults, report.unsealed) == ([], 0)
    finally:
        await other.close()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit_events SET reason = 'x' WHERE position = 4", ["edited: position 4 (row 4)"]),
        ("UPDATE audit_events SET ip = '::1' WHERE position = 4", ["edited: position 4 (row 4)"]),
        (
            "UPDATE audit_events SET action = 'no-such-action' WHERE position = 4",
            ["edited: position 4 (row 4)"],
        ),
        (
            "UPDATE audit_events SET details = '{}' WHERE position = 4",
            ["edited: position 4 (row 4)"],
        ),
        (
            "UPDATE audit_events SET hash = sha256('x') WHERE position = 4",
            ["edited: position 4 (row 4)"],
        ),
        ("DELETE FROM audit_events WHERE position = 4", ["missing: position 4"]),
        ("DELETE FROM audit_events WHERE position >= 4", ["missing: position 4 to 9"]),
    ],
)
async def test_a_change_of_a_row_is_named(
    auth: AuthUnits, database_url: str, statement: str, named: list[str]
) -> None:
    await record(auth, 8)  # behind the first signing key's event
    await auth.get(Sealer).checkpoint()
    tamper(database_url, statement)
    assert await faults(auth) == named


# Another value of each column; of those that are not here, an x.
OTHER = {
    **dict.fromkeys(("actor_id", "subject_id", "session_id"), f"'{UUID(int=7)}'"),
    "occurred_at": "occurred_at + '1 us'",
    "details": "details || '{\"n\": 1}'",
    "previous_hash": "sha256(previous_hash)",
    "hash": "sha256(hash)",
    "position": "position + 100",
    "sequence": "sequence + 100",
}


@pytest.mark.parametrize("row", [2, 5])
async def test_an_edit_of_any_column_is_named(auth: AuthUnits, database_url: str, row: int) -> None:
    await record(auth, 4)
    await auth.get(Sealer).checkpoint()
    tamper(
        database_url,
        "CREATE TABLE saved AS SELECT * FROM audit_events",
        "ALTER TABLE audit_events ALTER sequence SET GENERATED BY DEFAULT",
    )
    blamed = {}
    for column in METADATA.tables["audit_events"].columns.keys():  # noqa: SIM118 - iteration gives columns, not names
        change = f"{column} = {OTHER.get(column, repr('x'))}"
        tamper(database_url, f"UPDATE audit_events SET {change} WHERE sequence = {row}")  # noqa: S608 - named above
        found = (await auth.get(ChainAudit).verify()).faults
        blamed[column] = {fault.sequence for fault in found if fault.sequence}
        tamper(database_url, "DELETE FROM audit_events", "INSERT INTO audit_events TABLE saved")
    renumbered = blamed.pop("sequence")
    assert renumbered == {row + 100}
    assert {column for column, rows in blamed.items() if row not in rows} == set()
    assert await faults(auth) == []


async def test_an_inserted_and_a_swapped_row_are_named(auth: AuthUnits, database_url: str) -> None:
    await record(auth, 8)
    await auth.get(Sealer).checkpoint()
    tamper(
        database_url,
        "ALTER TABLE audit_events DROP CONSTRAINT uq_audit_events_position",
        "INSERT INTO audit_events (occurred_at, action, outcome, details, position,"
        " previous_hash, hash) SELECT occurred_at, 'logout', outcome, details, position,"
        " previous_hash, hash FROM audit_events WHERE position = 4",
    )
    assert await faults(auth) == ["inserted: position 4 (row 10)"]
    tamper(
        database_url,
        "DELETE FROM audit_events WHERE sequence = 10",
        "UPDATE audit_events SET position = 10 - position WHERE position IN (3, 7)",
    )
    assert {fault.split(" (")[1] for fault in await faults(auth)} == {"row 3)", "row 7)"}


async def test_a_rewritten_tail_contradicts_an_anchored_place(
    auth: AuthUnits, database_url: str
) -> None:
    await record(auth, 4)
    noted = await auth.get(Sealer).checkpoint()
    tamper(
        database_url,
        "DELETE FROM audit_checkpoints",
        "DELETE FROM audit_events WHERE position >= 4",
    )
    assert (await auth.get(ChainAudit).verify()).faults == []  # nothing left knows better
    (fault,) = (await auth.get(ChainAudit).verify(GivenAnchors(expected=Anchor(noted)))).faults
    assert (fault.kind, fault.first_position) == (FaultKind.CUT_OFF, 4)


async def test_a_forged_checkpoint_is_named(auth: AuthUnits, database_url: str) -> None:
    await record(auth, 4)
    await auth.get(Sealer).checkpoint()
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE audit_checkpoints SET kind = 'start'")
        connection.execute("DELETE FROM audit_events")  # the database lets it pass
    assert "forged: position 5" in await faults(auth)


async def test_checkpoints_are_signed_at_most_once_a_minute(
    auth: AuthUnits, clock: FrozenClock, database_url: str
) -> None:
    for seconds in (0, 30, 30, 1):
        clock.advance(seconds=seconds)
        await record(auth, 1)
        await auth.get(Sealer).run()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM audit_checkpoints").fetchone() == (2,)


async def test_a_position_is_assigned_once(auth: AuthUnits, database_url: str) -> None:
    await record(auth, 2)
    await auth.get(Sealer).run()
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in (
            "UPDATE audit_events SET position = NULL, previous_hash = NULL, hash = NULL",
            "UPDATE audit_events SET position = position + 100",
            "UPDATE audit_events SET reason = 'x'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                connection.execute(statement)


async def test_sealing_may_change_nothing_else(auth: AuthUnits, database_url: str) -> None:
    await record(auth, 1)
    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(
            "UPDATE audit_events SET position = sequence, previous_hash = '', hash = '',"
            " reason = 'x'"
        )


async def test_whole_months_are_removed_and_the_rest_still_verifies(
    auth: AuthUnits, owned_chain: ChainAudit, clock: FrozenClock
) -> None:
    clock.at = datetime(2099, 1, 30, tzinfo=UTC)
    await record(auth, 5)
    clock.at = datetime(2099, 2, 1, tzinfo=UTC)
    await record(auth, 3)
    removed = await prune_months(auth.get(Sealer), owned_chain, auth, clock.at)
    assert removed == 6  # with the event of the first signing key
    await auth.get(Sealer).checkpoint()
    report = await auth.get(ChainAudit).verify()
    assert report.faults == []
    assert report.start.position + report.rows == report.head.position
    again = await prune_months(auth.get(Sealer), owned_chain, auth, clock.at)
    assert again == 0


async def test_an_emptied_log_continues_at_its_last_position(
    auth: AuthUnits, owned_chain: ChainAudit, clock: FrozenClock
) -> None:
    await record(auth, 2)
    await prune_months(auth.get(Sealer), owned_chain, auth, clock.now() + timedelta(days=1))
    await auth.get(Sealer).run()
    report = await auth.get(ChainAudit).verify()
    assert (report.faults, report.start.position, report.rows) == ([], 3, 1)


async def test_retention_removes_no_evidence(
    auth: AuthUnits, owned_chain: ChainAudit, database_url: str, clock: FrozenClock
) -> None:
    await record(auth, 4)
    await auth.get(Sealer).checkpoint()
    tamper(database_url, "UPDATE audit_events SET reason = 'x' WHERE position = 3")
    with pytest.raises(Conflict, match="position 3"):
        await prune_months(auth.get(Sealer), owned_chain, auth, clock.now() + timedelta(days=1))
    assert (await auth.get(ChainAudit).verify()).rows == 5


async def test_an_anchor_that_matches_is_no_fault(auth: AuthUnits) -> None:
    await record(auth, 4)
    noted = await auth.get(Sealer).checkpoint()
    await record(auth, 4)
    await auth.get(Sealer).run()
    assert (await auth.get(ChainAudit).verify(GivenAnchors(expected=Anchor(noted)))).faults == []
    wrong = Anchor(Link(noted.position, bytes(32)))
    assert (await auth.get(ChainAudit).verify(GivenAnchors(expected=wrong))).faults
