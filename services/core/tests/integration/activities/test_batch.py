"""Many activities at once: what is read for them, and in which order they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import event

from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord, Likeness
from core_service.activities.service import ActivityService
from core_service.cases.records import CaseFiling
from core_service.ledger.replay import Flag
from core_service.sources import MANUAL
from testkit.core.registry import AMINA, content, filing

HEARING = content(date(2026, 1, 9), "Hearing", "Adjournment", judge_ids=(AMINA,))

# How the statement begins that reads whole histories.
PAST: Final = "SELECT case_activities.case_id, case_activities.id, case_activities.activity_on"


@dataclass(slots=True)
class Ear:
    """Hears every statement with its parameters."""

    heard: list[tuple[str, Sequence[Any]]] = field(default_factory=list)

    def note(
        self, _connection: Any, _cursor: Any, sql: str, _raw: Any, context: Any, _: Any
    ) -> None:
        self.heard.append((sql, context.compiled_parameters))

    def naming(self, words: str) -> list[Any]:
        """The parameters of the statements that begin with these words."""
        return [
            each for sql, parameters in self.heard if sql.startswith(words) for each in parameters
        ]


@pytest.fixture
def ear(core: Units) -> Iterator[Ear]:
    ear = Ear()
    event.listen(core.database.engine.sync_engine, "before_cursor_execute", ear.note)
    yield ear
    event.remove(core.database.engine.sync_engine, "before_cursor_execute", ear.note)


@pytest.mark.parametrize("reverse", [False, True])
async def test_new_cases_are_registered_in_one_order_whatever_the_order_of_their_rows(
    core: Units, ear: Ear, *, reverse: bool
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
    registered = [
        (each["caseid_type"], each["filed_year"]) for each in ear.naming("INSERT INTO cases")
    ]
    assert registered == [("HCCC", 2024), ("HCCC", 2025), ("HCCR", 2024), ("HCCR", 2025)]


async def _case_with_a_past(core: Units, number: str) -> CaseFiling:
    filed = filing(number=number)
    async with core.database.transaction() as session:
        await (
            core.container(session)
            .get(ActivityService)
            .record(ActivityRecord(filed, HEARING, MANUAL), SYSTEM)
        )
    return filed


async def test_the_past_of_cases_is_read_together_and_only_to_record(core: Units, ear: Ear) -> None:
    known = [await _case_with_a_past(core, number) for number in ("E014", "E015", "E016")]
    later = replace(HEARING, activity_on=date(2026, 2, 9))
    days = [HEARING.activity_on, later.activity_on]
    ear.heard.clear()
    async with core.database.transaction() as session:
        numbers = [each.key for each in known]
        batch = (
            await core.container(session).get(ActivityService).open_batch(numbers, days, lock=True)
        )
        assert batch.match(known[0].key, HEARING).likeness is Likeness.SAME
        assert not ear.naming(PAST)
        for each in known[:2]:
            recorded = await batch.record(each.key, ActivityRecord(each, later, MANUAL), SYSTEM)
            assert not recorded.case_created
        assert len(ear.naming(PAST)) == 1


async def test_a_case_read_again_is_recorded_of_with_its_past(core: Units) -> None:
    judgment = content(date(2026, 1, 8), "Judgment", "Judgment Delivered", judge_ids=(AMINA,))
    filed = await _case_with_a_past(core, "E014")
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
