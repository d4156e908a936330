"""Every operation that writes records an event for each row it changed, and for no other row.

Triggers observe the actual changes, whichever code writes them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from common.identity import Role
from core_service.audit.session import NOT_AUDITED
from core_service.tables import METADATA
from testkit.core.api import IP, Api
from testkit.core.calls import PREFIX, Operation, call, suiting
from testkit.core.registry import TESTVILLE
from testkit.core.scene import SEALED, Scene
from testkit.core.stage import Stage

# Derived from the activities, whose events cover them, and rewritten by every replay.
DERIVED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "hearings": lambda row: not row["is_manual"],
    "case_judge_assignments": lambda row: row["origin"] == "bench",
}
# Rows that belong to an audited row or only repeat it.
PARTS = {
    "activity_judges",
    "audit_checkpoints",
    "audit_events",
    "case_changes",
    "case_status_events",
    "caseload_deltas",
    "caseload_folded",
    "caseload_states",
    "caseload_totals",
    "figure_changes",
    "idempotency_keys",
    "import_cases_before",
    "import_rows_before",
    "import_files",
    "import_row_issues",
    "import_row_repairs",
    "import_rows",
    "judge_merge_items",
    "reserved_decisions",
    "superseded_rows",
}
# Seats on benches are separate rows; a merge records them with their activity.
SEATS = "judge_ids"
TIMES = ("_at", "known_on")
WATCHED = sorted(set(METADATA.tables) - PARTS)

WATCH = """
CREATE TABLE seen (n bigint GENERATED ALWAYS AS IDENTITY, entity text, old jsonb, new jsonb);
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO seen (entity, old, new) VALUES (TG_TABLE_NAME,
    CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
    CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
  RETURN NULL;
END $$;
"""
TRIGGER = (
    "CREATE TRIGGER seen AFTER INSERT OR UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION see()"
)
SEEN = "SELECT entity, old, new FROM seen ORDER BY n"
RECORDED = (
    "SELECT to_jsonb(event) FROM audit_events AS event WHERE sequence > :after ORDER BY sequence"
)
Row = dict[str, Any]
Key = tuple[str, str]


@dataclass(slots=True)
class Observation:
    """The rows that one transaction has changed and the events that it has written."""

    changed: dict[Key, tuple[Row, Row]] = field(default_factory=dict)
    recorded: list[Row] = field(default_factory=list)
    after: int = 0

    async def observe(self, connection: AsyncConnection) -> None:
        """Read both before the transaction is rolled back."""
        for entity, old, new in await connection.execute(text(SEEN)):
            row = new or old
            first = self.changed.get((entity, row["id"]), (old or {}, {}))[0]
            self.changed[entity, row["id"]] = (first, new or {})
        events = await connection.execute(text(RECORDED), {"after": self.after})
        self.recorded = [row[0] for row in events]

    def recorded_changes(self) -> dict[Key, Row]:
        """The combined changes of each row according to the events."""
        found: dict[Key, Row] = {}
        for event in (each for each in self.recorded if each["action"] != "read"):
            changes = found.setdefault((event["entity"], event["entity_id"]), {})
            for name, (before, after) in event["changes"].items():
                if name != SEATS:
                    changes[name] = [changes.get(name, [before])[0], after]
        return found

    def expected_changes(self) -> dict[Key, Row]:
        """The changes that the audit should contain: old and new values by row and column."""
        found = {}
        for (entity, row_id), (old, new) in self.changed.items():
            names = (old.keys() | new.keys()) - NOT_AUDITED
            changes = {
                name: [old.get(name), new.get(name)]
                for name in names
                if old.get(name) != new.get(name)
            }
            if changes and not DERIVED.get(entity, _never)(new or old):
                found[entity, row_id] = changes
        return found


def _never(_row: Row) -> bool:
    return False


@pytest.fixture
def observation(database_url: str) -> Iterator[Observation]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(WATCH)
        for table in WATCHED:
            connection.execute(TRIGGER.format(table))
        row = connection.execute("SELECT max(sequence) FROM audit_events").fetchone()
        assert row is not None
        yield Observation(after=row[0])


@pytest.fixture(params=["admin", "clerk"])
def sender(request: pytest.FixtureRequest, api: Api) -> Api:
    if request.param == "admin":
        return api.user(Role.ADMIN)
    return api.user(Role.DATA_ENTRY, TESTVILLE)


async def test_every_change_of_every_operation_is_recorded_with_actor_and_old_and_new_values(
    stage: Stage, every_operation: list[Operation], sender: Api, observation: Observation
) -> None:
    wrong: list[str] = []
    for operation in (each for each in every_operation if each.writes):
        observation.changed, observation.recorded = {}, []
        made = call(operation, stage.scene, suiting(operation, stage.scene))
        response = await stage.send(operation, made, sender, observation.observe)
        if response.status_code == 403:
            continue
        assert response.is_success, f"{operation.name}: {response.text}"
        found = faults(observation, operation, sender, response)
        wrong += [f"{operation.name}: {each}" for each in found]

    assert "\n".join(wrong) == ""


def faults(
    observation: Observation, operation: Operation, sender: Api, response: Any
) -> Iterator[str]:
    """What is missing or wrong in the events of one operation."""
    expected, recorded = observation.expected_changes(), observation.recorded_changes()
    if not expected:
        yield "changes no audited row"
    for key in expected.keys() - recorded.keys():
        yield f"{key} is not recorded"
    for key, changes in recorded.items():
        if key not in observation.changed:
            yield f"{key} is recorded and did not change"
        elif normalised(changes) != normalised(expected.get(key, {})):
            yield f"{key} recorded {changes}, was {expected.get(key)}"
    who = {
        (event["actor_id"], event["ip"], event["request_id"], event["operation"])
        for event in observation.recorded
    }
    request_id, name = (
        response.headers["x-request-id"],
        f"{operation.method} {PREFIX}{operation.path}",
    )
    if who != {(str(sender.user_id), IP, request_id, name)}:
        yield f"is attributed to {who}"


def normalised(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes with times in one form: Postgres and Pydantic write the same moment differently."""
    return {
        name: [str(each).replace("Z", "+00:00") if name.endswith(TIMES) else each for each in pair]
        for name, pair in changes.items()
    }


# A return's row shows what its sender wrote; no case is read.
READS_NO_CASE = {"GET /imports/{batch_id}/rows"}


async def test_every_answer_that_shows_an_administrator_a_sealed_case_is_recorded_as_read(
    every_operation: list[Operation], scene: Scene, admin: Api
) -> None:
    subject = scene.subjects[SEALED]
    unrecorded = []
    for operation in every_operation:
        if operation.writes or operation.name in READS_NO_CASE:
            continue
        made = call(operation, scene, subject)
        response = await admin.call(made.method, made.path, **made.options)
        if not any(secret in response.text for secret in subject.secrets()):
            continue
        request_id = response.headers["x-request-id"]
        reads = await admin.get("/registry-audit-events", request_id=request_id, action="read")
        if subject.ids["case_id"] not in [each["entity_id"] for each in reads.json()["items"]]:
            unrecorded.append(operation.name)

    assert unrecorded == []
