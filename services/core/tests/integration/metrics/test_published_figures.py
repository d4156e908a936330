"""A figure that was published is produced again to the last bit, whatever was recorded since."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from common.clock import FrozenClock
from common.composition import Container, Units, session_of
from common.identity import Role
from core_service.access.actors import SYSTEM
from core_service.access.courts import EVERYWHERE
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL, Visibility
from core_service.court_calendar import CourtCalendar
from core_service.hearings.models import Hearing
from core_service.judges.merging import JudgeMerging
from core_service.metrics.catalogue import BY_NAME, FIGURES
from core_service.metrics.folding import CaseloadFolding
from core_service.metrics.questions import FigureQuery, settle
from core_service.metrics.service import FigureService
from core_service.rebuild import rebuild
from core_service.sources import SYSTEM_ITSELF
from core_service.transfers.orders import TransferOrder
from core_service.transfers.service import TransferService
from testkit.core.api import Api
from testkit.core.caseload import FIRST_YEAR, SECOND_YEAR, record_forty, totals_that_differ
from testkit.core.figures import COLUMNS, listed, metric
from testkit.core.registry import AMINA, APPEAL, JOHN, TESTVILLE, case_type, content, filing

PARTS: Final = {"from": "2024-08-15", "to": "2025-09-20"}
BOTH_YEARS: Final = {"from": FIRST_YEAR["from"], "to": SECOND_YEAR["to"]}
PUBLISHED: Final = (
    ("matrix", "court,category", SECOND_YEAR),
    ("matrix", "case_type", FIRST_YEAR),
    ("matrix", "court_type,judge", PARTS),
    ("clearance", "month", FIRST_YEAR),
    *((each.name, "court,category", BOTH_YEARS) for each in FIGURES if each.name != "quality"),
    *((each.name, "court_type,judge", PARTS) for each in FIGURES if each.name != "quality"),
    ("quality", "court", BOTH_YEARS),
)
RESERVED: Final = ("Hearing", "Judgment Date Given")
ADJOURNED: Final = ("Hearing", "Adjourned")
Change = Callable[[Container, FrozenClock], Awaitable[None]]


async def first_case(unit: Container, *conditions: Any) -> Case:
    found = select(Case).where(*conditions).order_by(col(Case.number_serial)).with_for_update()
    case = (await session_of(unit).exec(found)).first()
    assert case is not None
    return case


async def record(unit: Container, number: str, on: date, *words: str, **more: Any) -> None:
    case = filing(number=number, filed_on=date(2024, 7, 1))
    step = ActivityRecord(case, content(on, *words, **more), SYSTEM_ITSELF)
    await unit.get(ActivityService).record(step, SYSTEM)


async def late_rows(unit: Container, _clock: FrozenClock) -> None:
    await record(unit, "E1", date(2025, 1, 20), "Mention", "Stood Over Generally")
    await record(unit, "E900", date(2024, 9, 2), "Registration/Filing", "Case Registered/Filed")


async def change_of_type(unit: Container, _clock: FrozenClock) -> None:
    case = await first_case(unit, col(Case.case_type_id) == case_type("CIVSUIT"))
    await unit.get(CaseService).change_locked(case, {"case_type_id": case_type("MUR")}, SYSTEM)


async def merge_of_judges(unit: Container, _clock: FrozenClock) -> None:
    await unit.get(JudgeMerging).merge(AMINA, JOHN, "the same person", SYSTEM)


async def undone_merge(unit: Container, clock: FrozenClock) -> None:
    await unit.get(JudgeMerging).merge(AMINA, JOHN, "the same person", SYSTEM)
    clock.advance(minutes=1)
    await unit.get(JudgeMerging).undo(AMINA, SYSTEM)


async def another_lead(unit: Container, _clock: FrozenClock) -> None:
    await record(unit, "E2", date(2025, 6, 1), "Mention", "Mention Date Given", judge_ids=(JOHN,))


async def transfer(unit: Container, _clock: FrozenClock) -> None:
    case = await first_case(unit, col(Case.court_id) == TESTVILLE, col(Case.status) == "pending")
    order = TransferOrder(to_court_id=APPEAL, transferred_on=date(2026, 5, 1))
    await unit.get(TransferService).transfer(case.id, order, "Committed", SYSTEM)


async def deletion(unit: Container, clock: FrozenClock) -> None:
    case = await first_case(unit, col(Case.status) == "disposed")
    case.deleted_at = clock.now()


async def deletion_and_restore(unit: Container, clock: FrozenClock) -> None:
    case = await first_case(unit, col(Case.status) == "disposed")
    case.deleted_at = clock.now()
    await session_of(unit).flush()
    clock.advance(minutes=1)
    seen = Visibility(EVERYWHERE, EVERYWHERE, deleted=True)
    await unit.get(CaseLifecycle).restore(case.id, seen, "by mistake", SYSTEM)


async def _change(
    unit: Container, clock: FrozenClock, table: str, change: str, where: str = "true"
) -> None:
    connection = await session_of(unit).connection()
    statement = text(f"UPDATE {table} SET {change}, updated_at = :now WHERE {where}")  # noqa: S608 - of this test
    await connection.execute(statement, {"now": clock.now()})


async def another_category(unit: Container, clock: FrozenClock) -> None:
    other = "category_id = (SELECT category_id FROM case_types WHERE code = 'MUR')"
    await _change(unit, clock, "case_types", other)


async def another_court_type(unit: Container, clock: FrozenClock) -> None:
    await _change(unit, clock, "courts", "court_type = 'KC'")


async def names(unit: Container, clock: FrozenClock) -> None:
    for table in ("courts", "case_categories", "case_types"):
        await _change(unit, clock, table, "name = name || ' (new)'")
    await _change(unit, clock, "judges", "display_name = 'Hon. ' || display_name")
    await _change(unit, clock, "adjournment_reasons", "label = label || ' (new)'")


async def what_activities_mean(unit: Container, clock: FrozenClock) -> None:
    change = "adjournable = NOT adjournable, counts_as_hearing = NOT counts_as_hearing"
    await _change(unit, clock, "activity_types", change)
    await _change(unit, clock, "outcomes", "on_merits = NOT coalesce(on_merits, false)")
    await _change(unit, clock, "adjournment_reasons", "cause = 'witness'")
    await _change(unit, clock, "case_categories", "nature = 'criminal'")


async def standards_and_weights(unit: Container, clock: FrozenClock) -> None:
    for table, change in (("time_standards", "days = days + 300"), ("case_weights", "minutes = 7")):
        await _change(unit, clock, table, change)


async def newer_standards(unit: Container, clock: FrozenClock) -> None:
    """Another edition, that has the lowest rank."""
    connection = await session_of(unit).connection()
    now = clock.now().isoformat()
    for table, value in (("time_standards", "'days', 5"), ("case_weights", "'minutes', 5")):
        changed = f"'id', gen_random_uuid(), 'edition', edition || ' (new)', 'rank', 0, {value}"
        times = f"'created_at', '{now}', 'updated_at', '{now}'"
        copied = text(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(each,"  # noqa: S608 - of this test
            f" jsonb_build_object({changed}, {times}))).* FROM {table} each"
        )
        await connection.execute(copied)


async def custody(unit: Container, clock: FrozenClock) -> None:
    cases = (await session_of(unit).exec(select(Case).with_for_update())).all()
    for case in cases:
        case.custody_count, case.updated_at = 4, clock.now()
    await record(unit, "E9", date(2024, 7, 2), "Mention", "Mention Date Given", custody_count=9)


async def a_plan(unit: Container, clock: FrozenClock) -> None:
    """A day of the period that a user had entered is vacated, and another one is entered."""
    await _change(unit, clock, "hearings", "is_vacated = true", "is_manual")
    hearings = (await session_of(unit).exec(select(Hearing))).all()
    hearings[0].is_manual, hearings[0].updated_at = True, clock.now()


async def revived(unit: Container, clock: FrozenClock) -> None:
    """What was voided counts again, as when an import is reverted."""
    change = "voided_at = NULL, void_reason = NULL"
    await _change(unit, clock, "case_activities", change, "voided_at IS NOT NULL")


CHANGES: Final[tuple[Change, ...]] = (
    late_rows,
    change_of_type,
    merge_of_judges,
    undone_merge,
    another_lead,
    transfer,
    deletion,
    deletion_and_restore,
    another_category,
    another_court_type,
    names,
    what_activities_mean,
    standards_and_weights,
    newer_standards,
    custody,
    a_plan,
    revived,
)


async def published(reader: Api, **known: Any) -> list[dict[str, Any]]:
    return [
        await metric(reader, figure, group_by=group_by, **period, **known)
        for figure, group_by, period in PUBLISHED
    ]


@pytest.fixture
async def cases(core: Units, clock: FrozenClock) -> list[UUID]:
    """The forty, some of them led by a judge."""
    found = await record_forty(core)
    async with core.begin() as unit:
        for number in ("E1", "E2", "E9"):
            await record(
                unit, number, date(2025, 3, 3), "Mention", "Mention Date Given", judge_ids=(AMINA,)
            )
        for number, words in (("E1", RESERVED), ("E2", ADJOURNED), ("E9", ADJOURNED)):
            more = {"next_on": date(2025, 4, 8), "judge_ids": (JOHN, AMINA), "custody_count": 1}
            await record(unit, number, date(2025, 4, 1), *words, **more)
    async with core.begin() as unit:
        of_case = "case_id IN (SELECT id FROM cases WHERE number_raw = 'E9')"
        on = "activity_on = '2025-04-01'"
        voided = f"voided_at = '{clock.now()}', void_reason = 'voided'"
        await _change(unit, clock, "case_activities", voided, f"{of_case} AND {on}")
    await rebuild(core)
    async with core.begin() as unit:
        planned = "hearing_on = '2025-04-08'"
        await _change(unit, clock, "hearings", "is_manual = true", planned)
    clock.advance(days=1)
    return found


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
async def test_a_published_figure_stays_as_it_was(
    core: Units, admin: Api, api: Api, clock: FrozenClock, change: Change
) -> None:
    known = {"known_on": clock.now().isoformat()}
    viewer = api.user(Role.VIEWER)
    before = [await published(reader, **known) for reader in (admin, viewer)]
    current = await published(admin)
    clock.advance(days=1)
    async with core.begin() as unit:
        await change(unit, clock)
    await core.get(CaseloadFolding).fold()
    clock.advance(days=1)

    assert [await published(reader, **known) for reader in (admin, viewer)] == before
    # And the figures of today know it, unless it was taken back.
    moved = [_counts(each) for each in await published(admin)] != [
        _counts(each) for each in current
    ]
    assert moved == (change not in (undone_merge, deletion_and_restore))


@pytest.mark.usefixtures("cases")
async def test_all_of_it_together_and_each_moment_between_stays_as_it_was(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    moments: list[tuple[dict[str, str], list[dict[str, Any]]]] = []
    for change in (late_rows, change_of_type, another_lead, transfer, deletion_and_restore):
        moments.append(({"known_on": clock.now().isoformat()}, await published(admin)))
        clock.advance(hours=7)
        async with core.begin() as unit:
            await change(unit, clock)
        clock.advance(hours=7)
    for known, then in moments:
        again = await published(admin, **known)
        assert [_counts(each) for each in again] == [_counts(each) for each in then]
    assert await totals_that_differ(core) == []


@pytest.mark.usefixtures("cases")
async def test_the_lists_of_a_published_figure_are_as_long_as_it_says(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    figure = await metric(admin, "matrix", group_by="case_type,judge", **FIRST_YEAR)
    clock.advance(days=1)
    async with core.begin() as unit:
        for change in (late_rows, change_of_type, merge_of_judges):
            await change(unit, clock)
    for item in figure["items"]:
        for name in COLUMNS:
            assert len(await listed(admin, item["cases_url"], name)) == item[name], name


@pytest.mark.usefixtures("cases")
async def test_a_restatement_lists_exactly_the_difference_case_by_case(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    before = clock.now()
    clock.advance(days=1)
    async with core.begin() as unit:
        for change in (late_rows, change_of_type, deletion):
            await change(unit, clock)
    clock.advance(days=1)
    calendar, matrix = core.get(CourtCalendar), BY_NAME["matrix"]
    for year in (FIRST_YEAR, SECOND_YEAR):
        first, last = (date.fromisoformat(year[name]) for name in ("from", "to"))
        then = settle(FigureQuery(first, last, known_on=before), calendar)
        now = settle(FigureQuery(first, last, known_on=clock.now()), calendar)
        async with core.view() as view:
            restated = await view.get(FigureService).restated(matrix, then, now, ALL)
        was = (await metric(admin, "matrix", known_on=before.isoformat(), **year))["totals"]
        is_now = (await metric(admin, "matrix", **year))["totals"]
        assert {name: is_now[name] - was[name] for name in COLUMNS} == {
            name: sum(each.change for each in restated if each.column == name) for name in COLUMNS
        }
        keys = [(each.column, each.case_id) for each in restated]
        assert len(keys) == len(set(keys)) > 0


def _counts(figure: dict[str, Any]) -> Any:
    """What was counted, without the time at which it was asked and the links that repeat it."""
    lines = [*figure["items"], figure["totals"]]
    return [{name: each[name] for name in each if name != "cases_url"} for each in lines]
