"""Each figure equals the one that plain Python counts from the rows, on random histories."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from itertools import product
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import true

from common.clock import FrozenClock
from common.composition import Units
from core_service.cases.visibility import ALL
from core_service.court_calendar import CourtCalendar
from core_service.metrics.catalogue import BY_NAME
from core_service.metrics.conditions import Question
from core_service.metrics.figures import Selection
from core_service.metrics.frame import Figure
from core_service.metrics.matrix import MatrixColumn
from core_service.metrics.questions import FigureQuery, settle
from core_service.metrics.repository import FigureRepository
from testkit.core.api import Api
from testkit.core.figures import listed, metric
from testkit.core.histories import History
from testkit.core.registry import TESTVILLE
from testkit.core.slow_figures import SlowFigures, grouped, percentile
from testkit.core.slow_registry import Facts, Item

LIVES: Final = ("pending-age", "backlog", "custody")
PERIODS: Final = (
    (date(2023, 1, 1), date(2023, 12, 31)),
    (date(2024, 7, 1), date(2025, 6, 30)),
    (date(2023, 11, 17), date(2024, 11, 3)),
    (date(2022, 1, 1), date(2026, 5, 31)),
)
NAIROBI: Final = ZoneInfo("Africa/Nairobi")
KEYS: Final[Mapping[str, Callable[[SlowFigures, Item], Any]]] = {
    "court": lambda _, item: str(item.court),
    "case_type": lambda _, item: str(item.case_type),
    "category": lambda slow, item: str(slow.category(item.case_type)),
    "judge": lambda _, item: None if item.judge is None else str(item.judge),
}
PENDING_BANDS: Final = (
    "pending",
    *(f"up_to_{days}_days" for days in (90, 180, 365, 730, 1095)),
    "older",
)
CAUSES: Final = (*("court", "party", "advocate", "prosecution", "witness", "external"),)


def rate(sums: Mapping[str, Any], numerator: str, denominator: str) -> dict[str, Any]:
    parts = {"numerator": sums.get(numerator, 0), "denominator": sums.get(denominator, 0)}
    value = None
    if parts["denominator"]:
        value = round(100 * parts["numerator"] / parts["denominator"], 2)
    return {**parts, "value": value}


def count(sums: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: sums.get(name, 0) for name in names}


def both(sums: Mapping[str, Any]) -> dict[str, Any]:
    return rate(sums, "numerator", "denominator")


def causes(sums: Mapping[str, Any]) -> dict[str, Any]:
    return {**{each: sums.get(f"by_{each}", 0) for each in CAUSES}, **count(sums, "not_stated")}


def _disposition_time(sums: Mapping[str, Any], slow: SlowFigures) -> dict[str, Any]:
    parts, period = count(sums, "numerator", "denominator"), (slow.last - slow.first).days + 1
    pending, resolved = parts.values()
    value = round(pending / resolved * period, 2) if resolved else None
    return {**parts, "days_in_period": period, "value": value}


def _workload(sums: Mapping[str, Any], _slow: SlowFigures) -> dict[str, Any]:
    judges = sums.get("judges")
    return {
        **count(sums, "filings", "weighted"),
        "numerator": sums.get("minutes", 0),
        "denominator": 77_400 if judges else None,
        "value": round(judges, 2) if judges else None,
    }


# A line's values as the API gives them, from the sums of the slow figure.
VALUES: Final[Mapping[str, Callable[[Mapping[str, Any], SlowFigures], dict[str, Any]]]] = {
    "disposition-time": _disposition_time,
    "time-to-disposition": lambda sums, _: {
        **count(sums, "disposed"),
        "within_standard": both(sums),
        "median": percentile(50, sums["days"]),
        **{f"p{each}": percentile(each, sums["days"]) for each in (75, 90, 98)},
    },
    "pending-age": lambda sums, _: {
        **count(sums, *PENDING_BANDS),
        "over_standard": both(sums),
    },
    "date-certainty": lambda sums, _: {
        "certain": both(sums),
        "held": rate(sums, "proceeded", "scheduled"),
    },
    "adjournments": lambda sums, _: {"adjourned": both(sums), "by_cause": causes(sums)},
    "backlog": lambda sums, _: {
        **{name: rate(sums, name, "pending") for name in ("over_1_year", "over_3_years")},
        **count(sums, "pending", "crossed_1_year", "crossed_3_years"),
    },
    "judgment-delivery": lambda sums, _: {
        **count(sums, "delivered", "waiting", "overdue"),
        "in_time": both(sums),
        "median": percentile(50, sums["days"]),
    },
    "productivity": lambda sums, _: count(sums, "decisions", "merits", "non_merits", "rulings"),
    "custody": lambda sums, _: {
        **count(sums, "accused", "cases", "criminal_pending"),
        "median_days": percentile(50, sums["days"]),
        "longest_days": max(sums["days"], default=None),
    },
    "workload": _workload,
}
NONE: Final[Mapping[str, Any]] = {"days": []}


def items(slow: SlowFigures, name: str, group: str | None) -> list[Item]:
    method = getattr(slow, name.replace("-", "_"))
    return list(method(by_judge=group == "judge") if name == "productivity" else method())


def whole(slow: SlowFigures, name: str) -> Mapping[str, Any]:
    """A figure's sums without groups."""
    return grouped(items(slow, name, None), lambda _: None).get(None, NONE)


def without_zeros(lines: Mapping[Any, Any]) -> dict[Any, Any]:
    """Lines that count something: of a group in which nothing counts, none is answered."""
    return {key: line for key, line in lines.items() if any(_numbers(line))}


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [each for name, part in value.items() if name != "days_in_period"
                for each in _numbers(part)]  # fmt: skip
    return [value] if value else []


def line(answered: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in answered.items() if name not in ("cases_url", "group")}


def key(group: str, answered: Mapping[str, Any]) -> Any:
    named = answered["group"][group]
    return None if named is None else named["id"]


async def compare(caller: Api, slow: SlowFigures, moment: datetime | None) -> None:
    """Compare all figures of a period, whole and by each dimension."""
    params: dict[str, Any] = {"from": slow.first, "to": slow.last}
    if moment is not None:
        params["known_on"] = moment.isoformat()
    if slow.as_of is not None:
        params["as_of"] = slow.as_of
    for name, values in VALUES.items():
        every = whole(slow, name)
        for group, key_of in KEYS.items():
            answer = await metric(caller, name, group_by=group, **params)
            assert line(answer["totals"]) == values(every, slow), (name, params)
            sums = grouped(items(slow, name, group), partial(key_of, slow))
            expected = {each: values(part, slow) for each, part in sums.items()}
            found = {key(group, each): line(each) for each in answer["items"]}
            assert without_zeros(found) == without_zeros(expected), (name, group, params)


@pytest.fixture
async def history(core: Units, admin: Api, clock: FrozenClock, request: Any) -> History:
    made = History(core, admin, clock, Random(request.param))  # noqa: S311 - repeatable
    await made.run(cases=18, changes=30)
    return made


async def read_facts(core: Units) -> Facts:
    async with core.database.transaction() as session:
        return await Facts.read(await session.connection())


@pytest.mark.parametrize("history", [1, 2], indirect=True)
async def test_figures_equal_the_slow_reference(core: Units, admin: Api, history: History) -> None:
    assert {"correct", "void", "late", "type", "delete", "seal"} <= history.done
    facts = await read_facts(core)
    for first, last in PERIODS:
        await compare(admin, SlowFigures(facts, first, last), None)
    await compare(admin, SlowFigures(facts, *PERIODS[1], as_of=date(2025, 2, 10)), None)


@pytest.mark.parametrize("history", [3, 4], indirect=True)
async def test_figures_as_known_on_equal_the_slow_reference(
    core: Units, admin: Api, history: History
) -> None:
    facts = await read_facts(core)
    for moment in history.moments[:3]:
        await compare(admin, SlowFigures(facts, *PERIODS[3], known_at=moment), moment)


@pytest.mark.parametrize("history", [9], indirect=True)
async def test_those_who_may_not_see_sealed_cases_get_the_figures_of_whole_months(
    core: Units, viewer: Api, history: History
) -> None:
    facts = await read_facts(core)
    differ = set()
    for first, last in (PERIODS[2], PERIODS[3]):
        blurred, as_admin = (
            SlowFigures(facts, first, last, blurred=each) for each in (True, False)
        )
        await compare(viewer, blurred, None)
        differ |= {name for name in VALUES if whole(blurred, name) != whole(as_admin, name)}
    assert len(differ) >= 3, "hardly any sealed case counts on another day"
    moment = history.moments[1]
    ends = moment.astimezone(NAIROBI).replace(day=30, hour=23, minute=59, second=59)
    slow = SlowFigures(facts, *PERIODS[3], None, moment, ends, blurred=True)
    await compare(viewer, slow, moment)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("history", [6], indirect=True)
async def test_every_list_is_as_long_as_its_figure(core: Units, admin: Api, viewer: Api) -> None:
    facts = await read_facts(core)
    sealed = {case.id for case in facts.tables["cases"] if case.sealed}
    assert sealed
    first, last = PERIODS[3]
    for name in VALUES:
        answer = await metric(admin, name, **{"from": first, "to": last, "group_by": "court"})
        sums = whole(SlowFigures(facts, first, last), name)
        columns = [each.value for each in BY_NAME[name].columns]
        assert sum(sums.get(column, 0) > 0 for column in columns) >= 2, name
        for column in columns:
            found = await listed(admin, answer["totals"]["cases_url"], column)
            assert len(found) == sums.get(column, 0), (name, column)
            shown = await listed(viewer, answer["totals"]["cases_url"], column)
            assert {each["id"] for each in shown} == {
                each["id"] for each in found if UUID(each["id"]) not in sealed
            }
        assert sum([len(await listed(admin, item["cases_url"], columns[0]))
                    for item in answer["items"]]) == sums.get(columns[0], 0)  # fmt: skip


@pytest.mark.parametrize("history", [6, 7], indirect=True)
async def test_lists_of_then_are_those_of_the_events_where_cases_have_not_changed_since(
    core: Units, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix, lists = BY_NAME["matrix"], 0
    of_matrix = (MatrixColumn.BEGIN_ACTIVE, MatrixColumn.END_ACTIVE, MatrixColumn.END_INACTIVE)
    columns: list[tuple[Figure, StrEnum]] = [(matrix, each) for each in of_matrix]
    columns += [(BY_NAME[name], each) for name in LIVES for each in BY_NAME[name].columns]
    courts: list[UUID | None] = [None, TESTVILLE]
    for (first, last), known_on, court_id in product(PERIODS, history.moments, courts):
        query = FigureQuery(first, last, known_on=known_on, selection=Selection(court_id=court_id))
        question = Question(settle(query, core.get(CourtCalendar)).whole(), ALL)
        async with core.view() as view:
            figures = view.get(FigureRepository)
            for figure, column in columns:
                fast = await figures.rows(figure.listing(question, column))
                with monkeypatch.context() as patch:  # as if all cases had changed
                    patch.setattr(Question, "has_changed", lambda *_: true())
                    slow = await figures.rows(figure.listing(question, column))
                assert sorted(fast) == sorted(slow), (figure.name, column)
                lists += bool(slow)
    assert lists > len(PERIODS), "hardly any list has a case"
