"""What takes longer to count than one request may: each goes on where the last one ended."""

import asyncio
from collections.abc import Hashable
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from common.clock import FrozenClock
from common.composition import Units, session_of
from common.pages import PageRequest
from core_service.cases.models import Case
from core_service.cases.visibility import ALL
from core_service.court_calendar import CourtCalendar
from core_service.metrics import progress
from core_service.metrics.catalogue import BY_NAME
from core_service.metrics.conditions import Question
from core_service.metrics.errors import BeingCounted
from core_service.metrics.figures import Dimension
from core_service.metrics.frame import Measures
from core_service.metrics.matrix import MatrixColumn
from core_service.metrics.questions import FigureQuery, SettledQuery, settle
from core_service.metrics.repository import FigureRepository
from core_service.metrics.schemas import body
from core_service.metrics.service import FigureService
from core_service.metrics.stored import SNAPSHOT, FigureAnswers, StoredAnswer, StoredAnswers
from testkit.core.api import Api
from testkit.core.caseload import FIRST_YEAR, record_forty
from testkit.core.figures import count
from testkit.core.registry import TESTVILLE

MATRIX: Final = BY_NAME["matrix"]
BY_MONTH: Final = FigureQuery(
    date(2025, 1, 1), date(2025, 12, 31), group_by=(Dimension.COURT, Dimension.MONTH)
)


@pytest.fixture
async def hurried(core: Units) -> StoredAnswers:
    """Forty cases, and answers of which one request counts as little as it may."""
    await record_forty(core)
    stored = core.get(StoredAnswers)
    stored.count_seconds = 0
    return stored


@pytest.fixture
def query(core: Units) -> SettledQuery:
    return settle(BY_MONTH, core.get(CourtCalendar))


async def read(core: Units, query: SettledQuery) -> bytes | None:
    """The answer, once it is counted."""
    async with core.view() as view:
        try:
            return await view.get(FigureAnswers).read(MATRIX, query, ALL)
        except BeingCounted:
            return None


async def read_to_the_end(core: Units, query: SettledQuery) -> tuple[bytes, int]:
    """The answer, and how many requests it took."""
    for requests in range(1, 200):
        answer = await read(core, query)
        if answer is not None:
            return answer, requests
    raise AssertionError("no request finished it")


def left(stored: StoredAnswers) -> int:
    """Of how many courts and months nothing is counted yet."""
    (answer,) = stored.answers.values()
    return sum(len(part.left) for part in answer.progress.parts)


async def test_each_request_goes_on_where_the_last_one_ended(
    core: Units, hurried: StoredAnswers, query: SettledQuery
) -> None:
    lefts = []
    while await read(core, query) is None:
        lefts.append(left(hurried))
        assert hurried.size == sum(answer.size for answer in hurried.answers.values())
    assert len(lefts) == 12  # months; the last request counts the year
    assert lefts == sorted(set(lefts), reverse=True)
    async with core.view() as view:
        direct = body(await count(view, MATRIX, query))
    assert await read(core, query) == direct


async def test_fewer_courts_are_counted_at_once_where_all_of_them_take_too_long(
    core: Units, query: SettledQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record_forty(core)
    tallied, limits = FigureRepository.tallied, set()
    at_once: list[frozenset[UUID] | None] = []

    async def slowly(self: FigureRepository, question: Question, measures: Measures) -> Any:
        at_once.append(question.only.courts)
        connection = await self.session.connection()
        if at_once[-1] is None:
            await connection.execute(text("SELECT pg_sleep(10)"))
        limits.add((await connection.execute(text("SHOW statement_timeout"))).scalar_one())
        return await tallied(self, question, measures)

    monkeypatch.setattr(progress, "TRIED_SECONDS", 0.1)
    async with core.view() as view:
        direct = body(await count(view, MATRIX, query))
        monkeypatch.setattr(FigureRepository, "tallied", slowly)
        assert await view.get(FigureAnswers).read(MATRIX, query, ALL) == direct
    everywhere, *each = at_once
    assert everywhere is None  # all courts, which are not named
    assert {len(courts or ()) for courts in each} == {1}
    assert len(each) == len(set(each)) * 13  # months and the year
    assert limits == {"15s"}  # that of every statement


async def test_each_statement_is_planned_for_its_own_courts(
    core: Units, query: SettledQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record_forty(core)
    modes = []

    def watched(name: str) -> None:
        method = getattr(FigureRepository, name)

        async def watching(self: FigureRepository, *arguments: Any) -> Any:
            connection = await self.session.connection()
            mode = await connection.execute(text("SHOW plan_cache_mode"))
            modes.append((name, mode.scalar_one()))
            return await method(self, *arguments)

        monkeypatch.setattr(FigureRepository, name, watching)

    for name in ("tallied", "listed", "changed"):
        watched(name)
    async with core.view() as view:
        await count(view, MATRIX, query)
    async with core.view() as view:
        figures = view.get(FigureService)
        await figures.cases(MATRIX, query, MatrixColumn.NEW, ALL, PageRequest())
    async with core.view() as view:
        await view.get(FigureService).restated(MATRIX, query, query, ALL)
    assert {name for name, _ in modes} == {"tallied", "listed", "changed"}
    assert {mode for _, mode in modes} == {"force_custom_plan"}


async def test_courts_that_change_meanwhile_are_counted_again(
    core: Units, hurried: StoredAnswers, query: SettledQuery, clock: FrozenClock
) -> None:
    deleted = False
    while (answer := await read(core, query)) is None:
        if not deleted and left(hurried) < 5:
            async with core.begin() as unit:
                of_court = select(Case).where(col(Case.court_id) == TESTVILLE).with_for_update()
                case = (await session_of(unit).exec(of_court)).first()
                assert case is not None
                case.deleted_at = clock.now()
            deleted = True
    assert deleted
    async with core.view() as view:
        direct = await count(view, MATRIX, query)
    assert answer == body(direct)
    assert [(each.reason, each.count) for each in direct.excluded] == [("deleted", 1)]


async def test_a_view_older_than_what_is_counted_adds_nothing_to_it(
    core: Units, hurried: StoredAnswers, query: SettledQuery, admin: Api
) -> None:
    async with core.view() as older:
        await (await session_of(older).connection()).execute(SNAPSHOT)
        reason = {"label": "Flood", "cause": "external"}
        assert (await admin.post("/adjournment-reasons", reason)).status_code == HTTPStatus.CREATED
        assert await read(core, query) is None
        before = left(hurried)
        with pytest.raises(BeingCounted):
            await older.get(FigureAnswers).read(MATRIX, query, ALL)
        assert left(hurried) == before


async def test_requests_at_the_same_time_count_once(
    core: Units, hurried: StoredAnswers, query: SettledQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried.count_seconds = hurried.wait_seconds = 60
    stored, put = [], StoredAnswers.put

    def note(self: StoredAnswers, key: Hashable, answer: StoredAnswer) -> None:
        stored.append(answer)
        put(self, key, answer)

    monkeypatch.setattr(StoredAnswers, "put", note)
    answers = await asyncio.gather(*(read(core, query) for _ in range(4)))
    (answer,) = stored
    assert all(given is answer.body for given in answers)


async def test_a_request_that_waits_for_another_ends_soon(
    core: Units, hurried: StoredAnswers, query: SettledQuery
) -> None:
    hurried.wait_seconds = 0.1
    assert await read(core, query) is None
    (key,) = hurried.answers
    async with hurried.turn(key), asyncio.timeout(10):
        assert await read(core, query) is None


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/metrics/matrix", FIRST_YEAR | {"group_by": "month"}),
        ("/dashboard/analytics", {}),
        ("/reports/monthly", {"court": str(TESTVILLE), "month": "2025-03"}),
    ],
)
async def test_clients_are_to_ask_again(
    hurried: StoredAnswers, admin: Api, path: str, params: dict[str, str]
) -> None:
    assert hurried.count_seconds == 0
    refused = 0
    while (answer := await admin.get(path, **params)).status_code != HTTPStatus.OK:
        refused += 1
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
        assert answer.json()["code"] == "figure-being-counted"
        assert answer.headers["Retry-After"] == "1"
    assert 0 < refused < 100
