"""Many activities at once: what is read for them, and in which order they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import event, text

from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord, Likeness
from core_service.activities.service import ActivityService
from core_service.cases.records import CaseFiling
from core_service.ledger.steps import Flag
from core_service.sources import MANUAL
from testkit.core.registry import AMINA, content, filing

HEARING = content(date(2026, 1, 9), "Hearing", "Adjournment", judge_ids=(AMINA,))

# The beginning of the statement that reads whole histories.
HISTORY: Final = "SELECT case_activities.case_id, case_activities.id, case_activities.activity_on"


@dataclass(slots=True)
class StatementLog:
    """Records every SQL statement with its parameters."""

    executed: list[tuple[str, Sequence[Any]]] = field(default_factory=list)

    def record(
        self, _connection: Any, _cursor: Any, sql: str, _raw: Any, context: Any, _: Any
    ) -> None:
        self.executed.append((sql, context.compiled_parameters))

    def starting_with(self, words: str) -> list[Any]:
        """The parameters of the statements that begin with these words."""
        return [
            each
            for sql, parameters in self.executed
            if sql.startswith(words)
            for each in parameters
        ]


@pytest.fixture
def statements(core: Units) -> Iterator[StatementLog]:
    statements = StatementLog()
    event.listen(core.database.engine.sync_engine, "before_cursor_execute", statements.record)
    yield statements
    event.remove(core.database.engine.sync_engine, "before_cursor_execute", statements.record)


@pytest.mark.parametrize("reverse", [False, True])
async def test_new_cases_are_registered_in_one_order_whatever_the_order_of_their_rows(
    core: Units, *, reverse: bool
) -> None:
    filings = [
        filing(caseid_type=caseid_type, filed_on=date(year, 2, 3))
        for caseid_type in ("HCCC", "HCCR")
        for year in (2024, 2025)
    ]
    async with core.database.transaction() as session:
        numbers = [each.key for each in filings]
        batch = (
            await core.container(session)
            .get(ActivityService)
            .open_batch(numbers, [HEARING.activity_on], lock=True)
        )
        for each in sorted(filings, key=filings.index, reverse=reverse):
            await batch.record(each.key, ActivityRecord(each, HEARING, MANUAL), SYSTEM)
        await batch.write()
        as_stored = text("SELECT caseid_type, filed_year FROM cases ORDER BY ctid")
        registered = [tuple(row) for row in await (await session.connection()).execute(as_stored)]
    assert registered == [("HCCC", 2024), ("HCCC", 2025), ("HCCR", 2024), ("HCCR", 2025)]


async def _case_with_history(core: Units, number: str) -> CaseFiling:
    filed = filing(number=number)
    async with core.database.transaction() as session:
        await (
            core.container(session)
            .get(ActivityService)
            .record(ActivityRecord(filed, HEARING, MANUAL), SYSTEM)
        )
    return filed


async def test_case_histories_are_read_in_one_query_and_only_to_record(
    core: Units, statements: StatementLog
) -> None:
    known = [await _case_with_history(core, number) for number in ("E014", "E015", "E016")]
    later = replace(HEARING, activity_on=date(2026, 2, 9))
    days = [HEARING.activity_on, later.activity_on]
    statements.executed.clear()
    async with core.database.transaction() as session:
        numbers = [each.key for each in known]
        batch = (
            await core.container(session).get(ActivityService).open_batch(numbers, days, lock=True)
        )
        assert batch.match(known[0].key, HEARING).likeness is Likeness.SAME
        assert not statements.starting_with(HISTORY)
        batch.expected |= {each.key for each in known[:2]}
        for each in known[:2]:
            recorded = await batch.record(each.key, ActivityRecord(each, later, MANUAL), SYSTEM)
            assert not recorded.case_created
        (read,) = statements.starting_with(HISTORY)
        assert len(read["param_1"]) == 2, "of the third case nothing is recorded"


async def test_a_case_loaded_again_is_recorded_with_its_new_history(core: Units) -> None:
    judgment = content(date(2026, 1, 8), "Judgment", "Judgment Delivered", judge_ids=(AMINA,))
    filed = await _case_with_history(core, "E014")
    async with core.database.transaction() as session:
        service = core.container(session).get(ActivityService)
        batch = await service.open_batch([filed.key], [date(2026, 2, 9)], lock=True)
        record = ActivityRecord(filed, replace(HEARING, activity_on=date(2026, 2, 9)), MANUAL)
        assert (await batch.record(filed.key, record, SYSTEM)).flags == frozenset()
        await batch.write()
        await service.record(ActivityRecord(filed, judgment, MANUAL), SYSTEM)
        await batch.load([filed.key], lock=True)
        later = replace(record, content=replace(HEARING, activity_on=date(2026, 3, 9)))
        assert (await batch.record(filed.key, later, SYSTEM)).flags == {Flag.AFTER_CLOSURE}
