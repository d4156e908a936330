"""`core verify-audit` reports rows that were changed with the database's password."""

import psycopg
import pytest

from common.audit.maintenance import ChainAudit
from common.audit.sealer import Sealer
from common.composition import Units
from testkit.core.api import Api
from testkit.core.registry import case_body

EVENTS = 8
COPY = (
    "INSERT INTO audit_events (occurred_at, action, entity, operation, changes, position,"
    " previous_hash, hash) SELECT occurred_at, 'delete', entity, operation, changes, position,"
    " previous_hash, hash FROM audit_events WHERE position = 4"
)


@pytest.fixture
async def chain(core: Units, admin: Api, database_url: str) -> str:
    """The database with eight sealed events and a signed checkpoint after them."""
    for number in range(1, EVENTS + 1):
        body = {"label": f"Flood {number}", "cause": "external"}
        assert (await admin.post("/adjournment-reasons", body)).status_code == 201
    await core.get(Sealer).run()
    await core.get(Sealer).checkpoint()
    assert (await core.get(ChainAudit).verify()).faults == []
    return database_url


def tamper(database_url: str, *statements: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
        connection.execute("ALTER TABLE audit_events DROP CONSTRAINT uq_audit_events_position")
        for statement in statements:
            connection.execute(statement)


async def faults(core: Units) -> list[str]:
    return [str(fault) for fault in (await core.get(ChainAudit).verify()).faults]


@pytest.mark.parametrize(
    "assignment",
    [
        "occurred_at = occurred_at + interval '1 second'",
        "action = 'delete'",
        "entity = 'courts'",
        "entity_id = gen_random_uuid()",
        "court_id = gen_random_uuid()",
        "operation = 'nothing'",
        "actor_id = NULL",
        "client_id = 'another'",
        "ip = '192.0.2.1'",
        "request_id = 'another-request'",
        "version_before = 7",
        "version_after = 7",
        "changes = '{}'",
        "hash = sha256('x')",
    ],
)
async def test_an_edited_row_is_reported_whichever_column_changed(
    core: Units, chain: str, assignment: str
) -> None:
    tamper(chain, f"UPDATE audit_events SET {assignment} WHERE position = 4")  # noqa: S608 - ours

    assert await faults(core) == ["edited: position 4 (row 4)"]


@pytest.mark.parametrize("position", range(1, EVENTS + 1))
async def test_a_deleted_row_is_reported_at_every_position(
    core: Units, chain: str, position: int
) -> None:
    tamper(chain, f"DELETE FROM audit_events WHERE position = {position}")  # noqa: S608 - ours

    assert await faults(core) == [f"missing: position {position}"]


async def test_a_truncated_end_is_reported(core: Units, chain: str) -> None:
    tamper(chain, "DELETE FROM audit_events WHERE position >= 6")

    assert await faults(core) == ["missing: position 6 to 8"]


async def test_an_inserted_row_is_reported(core: Units, chain: str) -> None:
    tamper(chain, COPY)

    assert await faults(core) == ["inserted: position 4 (row 9)"]


async def test_two_swapped_rows_are_both_reported(core: Units, chain: str) -> None:
    tamper(chain, "UPDATE audit_events SET position = 10 - position WHERE position IN (3, 7)")

    assert {fault.split(" (")[1] for fault in await faults(core)} == {"row 3)", "row 7)"}


async def test_the_changes_of_a_cases_event_are_sealed(core: Units, clerk: Api, chain: str) -> None:
    assert (await clerk.post("/cases", case_body())).status_code == 201
    await core.get(Sealer).run()
    tamper(chain, "UPDATE audit_events SET changes = changes - 'court_id' WHERE position = 9")

    assert await faults(core) == ["edited: position 9 (row 9)"]
