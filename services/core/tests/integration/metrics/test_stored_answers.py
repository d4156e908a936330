"""Stored answers: given again while nothing has changed, and never when something has."""

import json
import os
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from common.clock import FrozenClock
from common.composition import Container, Units, session_of
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL
from core_service.court_calendar import CourtCalendar
from core_service.metrics.catalogue import FIGURES
from core_service.metrics.errors import BeingCounted
from core_service.metrics.figures import Dimension
from core_service.metrics.folding import CaseloadFolding
from core_service.metrics.frame import Figure
from core_service.metrics.models import EVERY_COURT
from core_service.metrics.questions import FigureQuery, settle
from core_service.metrics.schemas import body
from core_service.metrics.stored import COUNT_SECONDS, FigureAnswers, StoredAnswers
from core_service.settings import CoreSettings
from core_service.sources import SYSTEM_ITSELF
from core_service.wiring import wire
from testkit.core.api import Api
from testkit.core.caseload import FIRST_YEAR, record_forty
from testkit.core.figures import count, history, listed, metric
from testkit.core.registry import AMINA, APPEAL, DEMOVILLE, TESTVILLE, case_type, content, filing

# The forty have nothing of these.
WITHOUT_LINES: Final = {"judgment-delivery", "quality"}
# A test run has time for few; INTERLEAVED asks for more.
STEPS: Final = int(os.environ.get("INTERLEAVED", "150"))
WORDS: Final = (
    ("Registration/Filing", "Case Registered/Filed"),
    ("Mention", "Stood Over Generally"),
    ("Re-activation", "Re-activation"),
    ("Judgment", "Judgment Delivered"),
)
QUERIES: Final = (
    FigureQuery(date(2025, 1, 1), date(2025, 12, 31)),
    FigureQuery(date(2025, 3, 4), date(2025, 9, 9)),
    FigureQuery(group_by=(Dimension.JUDGE,)),
    FigureQuery(date(2025, 1, 1), date(2025, 6, 30), known_on=date(2026, 5, 31)),
)


async def write(unit: Container, chance: Random, clock: FrozenClock) -> None:
    """Something that may change a figure."""
    found = (await session_of(unit).exec(select(Case).with_for_update())).all()
    kind = chance.randrange(5) if found else 0
    if kind <= 1:
        case = filing(
            court_id=chance.choice([TESTVILLE, DEMOVILLE]),
            number=f"E{chance.randrange(40)}",
            filed_on=date(2025, 1, 1),
            case_type_id=case_type("CIVSUIT"),
        )
        if any(each.number_raw == case.number and each.deleted_at for each in found):
            return
        step = content(
            date(2025, 1, 1) + timedelta(days=chance.randrange(400)), *chance.choice(WORDS)
        )
        await unit.get(ActivityService).record(ActivityRecord(case, step, SYSTEM_ITSELF), SYSTEM)
        return
    chosen = chance.choice(found)
    if kind == 2:
        chosen.deleted_at = None if chosen.deleted_at else clock.now()
    elif kind == 3:
        chosen.sealed = not chosen.sealed
    else:
        other = {"case_type_id": case_type(chance.choice(["CIVSUIT", "MUR"]))}
        await unit.get(CaseService).change_locked(chosen, other, SYSTEM)


def question(chance: Random) -> tuple[Figure, FigureQuery]:
    """A figure by the groups of the query, or by those that it is wanted for by default."""
    figure, query = chance.choice(FIGURES), chance.choice(QUERIES)
    has_judges = figure.group_by != (Dimension.COURT,)
    if query.group_by == (Dimension.JUDGE,) and has_judges:
        return figure, query
    return figure, replace(query, group_by=figure.group_by)


async def read_both(core: Units, figure: Figure, query: FigureQuery) -> tuple[Any, Any]:
    """The answer that a process gives, and what is counted in the same view."""
    settled = settle(query, core.get(CourtCalendar))
    async with core.view() as view:
        given = await view.get(FigureAnswers).read(figure, settled, ALL)
        counted = body(await count(view, figure, settled))
    return _without_time(given), _without_time(counted)


def _without_time(answer: bytes) -> Any:
    figure = json.loads(answer)
    figure.pop("known_on")
    for line in (*figure["items"], figure["totals"]):
        line.pop("cases_url")
    return figure


async def test_no_answer_is_stale_whatever_is_read_and_written_by_two_processes(
    core: Units, settings: CoreSettings, clock: FrozenClock
) -> None:
    chance = Random(1)  # noqa: S311 - repeatable
    other = wire(settings, clock)
    given_again, wanted = 0, question(chance)
    try:
        for _ in range(STEPS):
            process = chance.choice([core, other])
            step = chance.random()
            if step < 0.3:
                async with process.begin() as unit:
                    await write(unit, chance, clock)
                clock.advance(seconds=1)
            elif step < 0.35:
                await process.get(CaseloadFolding).fold()
            else:
                stored = process.get(StoredAnswers)
                before = {key: id(answer) for key, answer in stored.answers.items()}
                if chance.random() < 0.5:  # else the same again, perhaps of the other process
                    wanted = question(chance)
                stored.count_seconds = chance.choice([0, COUNT_SECONDS])
                try:
                    given, counted = await read_both(process, *wanted)
                except BeingCounted:
                    continue
                assert given == counted
                given_again += before == {key: id(answer) for key, answer in stored.answers.items()}
    finally:
        await other.close()
    assert given_again > STEPS / 50  # or nothing was proven


async def test_after_a_write_to_one_court_no_other_is_counted_again(
    core: Units, clock: FrozenClock
) -> None:
    await record_forty(core)
    stored = core.get(StoredAnswers)
    for figure in FIGURES:
        query = replace(QUERIES[0], group_by=figure.group_by)
        await read_both(core, figure, query)
        (before,) = stored.answers.values()
        clock.advance(seconds=1)
        async with core.begin() as unit:
            of_court = select(Case).where(col(Case.court_id) == TESTVILLE).with_for_update()
            case = (await session_of(unit).exec(of_court)).first()
            assert case is not None
            case.deleted_at = None if case.deleted_at else clock.now()
        given, counted = await read_both(core, figure, query)
        assert given == counted
        (after,) = stored.answers.values()
        stored.drop(next(iter(stored.answers)))
        same = {
            court_id
            for court_id, tally in before.progress.whole.tallies.items()
            if after.progress.whole.tallies.get(court_id) is tally
        }
        others = set(before.progress.whole.tallies) - {TESTVILLE}
        assert same == others, figure.name
        assert others or figure.name in WITHOUT_LINES


# Whichever way rows are written: a column of each table that figures count by court.
WRITTEN: Final = {
    "activity_judges": "position",
    "case_activities": "seq",
    "case_judge_assignments": "case_id",
    "case_status_events": "kind",
    "cases": "number_raw",
    "hearings": "hearing_on",
}


async def test_a_write_marks_the_court_that_it_is_about(core: Units) -> None:
    async with core.begin() as unit:
        for court_id in (APPEAL, DEMOVILLE):
            case = filing(
                court_id=court_id,
                number="E1",
                filed_on=date(2025, 1, 1),
                case_type_id=case_type("CIVSUIT"),
            )
            step = content(date(2025, 1, 2), "Mention", "Mention Date Given", judge_ids=(AMINA,))
            record = ActivityRecord(case, step, SYSTEM_ITSELF)
            await unit.get(ActivityService).record(record, SYSTEM)
        connection = await session_of(unit).connection()

        async def marked(statement: str) -> set[tuple[UUID, bool]]:
            await connection.execute(text("DELETE FROM figure_changes"))
            written = await connection.execute(text(statement), {"court_id": APPEAL})
            assert written.rowcount, statement
            rows = await connection.execute(text("SELECT court_id, is_dated FROM figure_changes"))
            return {(court_id, is_dated) for court_id, is_dated in rows}

        of_court = "case_id IN (SELECT id FROM cases WHERE court_id = :court_id)"
        seat = f"activity_id IN (SELECT id FROM case_activities WHERE {of_court})"  # noqa: S608 - of this test
        where = {"cases": "court_id = :court_id", "activity_judges": seat}
        for table, column in WRITTEN.items():
            rows = where.get(table, of_court)
            update = f"UPDATE {table} SET {column} = {column} WHERE {rows}"  # noqa: S608 - of this test
            assert await marked(update) == {(APPEAL, True)}, table
        sealing = "UPDATE cases SET sealed = NOT sealed WHERE court_id = :court_id"
        assert await marked(sealing) == {(APPEAL, True), (APPEAL, False)}
        renaming = "UPDATE courts SET name = name || '!' WHERE id = :court_id"
        assert await marked(renaming) == {(EVERY_COURT, False)}


async def test_an_answer_is_given_again_to_the_byte_until_something_is_written(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    await record_forty(core)
    first = await admin.get("/metrics/matrix", **FIRST_YEAR)
    clock.advance(minutes=5)
    again = await admin.get("/metrics/matrix", **FIRST_YEAR)
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])
    async with core.begin() as unit:
        early = select(Case).where(col(Case.filed_on) == date(2025, 1, 15))
        case = (await session_of(unit).exec(early)).first()
        assert case is not None
        case.deleted_at = clock.now()
    after = await metric(admin, "matrix", **FIRST_YEAR)
    assert after["excluded"] == [{"reason": "deleted", "count": 1}]
    assert after["known_on"] > first.json()["known_on"]


async def test_a_line_that_was_brought_up_to_date_leads_to_as_many_cases_as_it_says(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    chance = Random(3)  # noqa: S311 - repeatable
    year = {"from": "2025-01-01", "to": "2025-12-31"}
    for by in ({}, {"group_by": ["court", "month"]}):
        await history(core, chance, 3, prefix=f"A{len(by)}")
        before = await metric(admin, "matrix", **year, **by)
        clock.advance(seconds=1)
        await history(core, chance, 5, prefix=f"B{len(by)}")
        clock.advance(seconds=1)
        after = await metric(admin, "matrix", **year, **by)
        assert after["totals"]["new"] > before["totals"]["new"]
        for line in (*after["items"], after["totals"]):
            assert len(await listed(admin, line["cases_url"], "new")) == line["new"]


async def test_what_is_rolled_back_or_not_committed_changes_no_answer(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    await record_forty(core)
    first = (await admin.get("/metrics/matrix", **FIRST_YEAR)).content
    async with core.begin() as unit:
        await write(unit, Random(2), clock)  # noqa: S311 - repeatable
        assert (await admin.get("/metrics/matrix", **FIRST_YEAR)).content == first
        await session_of(unit).rollback()
    assert (await admin.get("/metrics/matrix", **FIRST_YEAR)).content == first


async def test_the_least_recently_used_answers_make_room(core: Units) -> None:
    stored = core.get(StoredAnswers)
    async with core.view() as view:
        answers = view.get(FigureAnswers)
        for month in range(1, 7):
            query = settle(FigureQuery(date(2025, month, 1)), core.get(CourtCalendar))
            await answers.read(FIGURES[0], query, ALL)
    assert len(stored.answers) == 6
    assert stored.size == sum(answer.size for answer in stored.answers.values())
    stored.drop(next(iter(stored.answers)))
    assert stored.size == sum(answer.size for answer in stored.answers.values())
