"""Lookups, lists and a case's history go by indexes, however many cases there are.

The cases are the benchmark's, with its courts, its spread and its filters.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import pytest
from bench.generate import Size, generate
from bench.registry_requests import bench_users, filters
from bench.registry_world import invent_world
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.identity import CourtScope
from core_service.access.courts import EVERYWHERE, NOWHERE
from core_service.activities.repository import ActivityRepository
from core_service.assignments.repository import AssignmentRepository
from core_service.cases.lookup import NumberQuery, Reading
from core_service.cases.models import Case
from core_service.cases.repository import CaseRepository
from core_service.cases.search.listing import CaseFilter, CaseSort, case_order
from core_service.cases.visibility import ALL, Visibility
from core_service.hearings.repository import HearingRepository
from core_service.ledger.models import ActivityJudge
from core_service.ledger.repository import LedgerRepository
from core_service.wiring import wire
from testkit.core.settings import make_settings
from testkit.databases import DatabaseTemplate

# Filling takes half a minute, and more on a busy machine.
pytestmark = pytest.mark.timeout(600)

SIZE: Final = Size(cases=20_000, activities=60_000)
WORLD: Final = invent_world(SIZE.seed, SIZE.courts)
CLERK, OFFICER, ADMINISTRATOR = bench_users(WORLD)
PAGE: Final = 51
BIG: Final = {
    "cases",
    "case_activities",
    "activity_judges",
    "case_status_events",
    "case_judge_assignments",
    "hearings",
}
Statement = SelectOfScalar[Any]


def courts_of(*court_ids: UUID) -> Visibility:
    """A clerk of these courts."""
    scope = CourtScope(frozenset(court_ids))
    return Visibility(scope, scope)


SCOPES: Final = {
    "administrator": ALL,
    "viewer": Visibility(EVERYWHERE, NOWHERE),
    "clerk": courts_of(*CLERK.court_ids(WORLD)),
    "clerk of twelve courts": courts_of(*OFFICER.court_ids(WORLD)),
}
FILTERS: Final = {
    name: TypeAdapter(CaseFilter).validate_python(wanted)
    for name, wanted in filters(ADMINISTRATOR, WORLD, SIZE)
}
AFTER: Final[dict[str, Sequence[Any]]] = {
    "filed_on": ("2022-05-04", UUID(int=7)),
    "last_activity_on": ("2022-05-04", UUID(int=7)),
    "number": ("HCCC", 2022, 14, UUID(int=7)),
}


@pytest.fixture(scope="module")
def filled_url(database_template: DatabaseTemplate) -> Iterator[str]:
    """One filled database for all plans."""
    with database_template.clone() as url:
        generate(url, SIZE)
        yield url


@pytest.fixture
async def session(filled_url: str) -> AsyncIterator[AsyncSession]:
    core = wire(make_settings(filled_url))
    async with core.database.sessions() as session:
        yield session
        await session.rollback()
    await core.close()


async def scanned(session: AsyncSession, statement: Statement) -> set[str]:
    """The big tables that the statement's plan reads from one end to the other."""
    return set(_scans(await planned(session, statement))) & BIG


async def planned(session: AsyncSession, statement: Statement) -> dict[str, Any]:
    """The topmost node of the statement's plan."""
    connection = await session.connection()
    compiled = statement.compile(connection.sync_engine, compile_kwargs={"literal_binds": True})
    plan = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}")
    (root,) = plan.scalar_one()
    node: dict[str, Any] = root["Plan"]
    return node


def _scans(node: dict[str, Any]) -> list[str]:
    here = [node["Relation Name"]] if node["Node Type"].endswith("Seq Scan") else []
    return here + [name for child in node.get("Plans", []) for name in _scans(child)]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("wanted", FILTERS)
async def test_a_list_reads_no_more_than_it_shows(
    session: AsyncSession, wanted: str, scope: str
) -> None:
    cases = CaseRepository(session)
    statement = FILTERS[wanted].apply(cases.visible(SCOPES[scope]), SIZE.until)
    for sort in CaseSort:
        order = case_order(sort, narrow=FILTERS[wanted].is_narrow)
        after = order.after(statement, AFTER[sort.value.removeprefix("-")])
        for page in (statement, after):
            query = order.sort(cases.with_names(page)).limit(PAGE)
            assert await scanned(session, query) == set(), sort


NARROW: Final = ("filed", "age", "status inactive", "category, transferred", "category, disposed")


@pytest.mark.parametrize("wanted", NARROW)
async def test_a_narrow_filter_uses_its_own_index_and_not_the_one_of_the_order(
    session: AsyncSession, wanted: str
) -> None:
    assert FILTERS[wanted].is_narrow
    cases = CaseRepository(session)
    statement = FILTERS[wanted].apply(cases.visible(ALL), SIZE.until)
    for sort in (CaseSort.LAST_ACTIVITY_ON, CaseSort.NUMBER_DESCENDING):
        order = case_order(sort, narrow=True)
        plan = await planned(session, order.sort(statement).limit(PAGE))
        used = {node for node in _indexes(plan) if node.startswith("ix_cases")}
        assert used & {"ix_cases_filed_on", "ix_cases_disposed_on", "ix_cases_status"}, sort
        assert not used & {"ix_cases_last_seen_on", "ix_cases_number_order"}, sort


def _indexes(node: dict[str, Any]) -> list[str]:
    here = [node["Index Name"]] if "Index Name" in node else []
    return here + [name for child in node.get("Plans", []) for name in _indexes(child)]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("year", [2020, None])
async def test_a_lookup_uses_an_index_on_the_number(
    session: AsyncSession, year: int | None, scope: str
) -> None:
    assert await scanned(session, lookup(session, year, SCOPES[scope])) == set()


def lookup(session: AsyncSession, year: int | None, visibility: Visibility) -> Statement:
    cases = CaseRepository(session)
    query = NumberQuery((Reading("E14", year), Reading("14", year, guessed=True)), ("HCCC",))
    return cases.with_names(cases.like_number(query, visibility, 20))


def activities(session: AsyncSession, case_id: UUID) -> Statement:
    return ActivityRepository(session).of_case(case_id)


def bench(activity_id: UUID) -> Statement:
    return select(ActivityJudge).where(col(ActivityJudge.activity_id) == activity_id)


OF_A_CASE: Final[dict[str, Callable[[AsyncSession, UUID], Statement]]] = {
    "case": lambda session, case_id: CaseRepository(session).by_ids([case_id]),
    "activities": activities,
    "live activities": lambda session, each: ActivityRepository(session).live_of_case(each),
    "bench": lambda _, case_id: bench(case_id),
    "status events": lambda session, case_id: LedgerRepository(session).of_case(case_id),
    "live status events": lambda session, each: LedgerRepository(session).live_of_case(each),
    "assignments": lambda session, case_id: AssignmentRepository(session).of_case(case_id),
    "hearings": lambda session, case_id: HearingRepository(session).of_case(case_id),
}


@pytest.mark.parametrize("part", OF_A_CASE)
async def test_rows_of_a_case_are_read_by_an_index_on_the_case(
    session: AsyncSession, part: str
) -> None:
    case_id = (await session.exec(select(Case.id).limit(1))).one()
    assert await scanned(session, OF_A_CASE[part](session, case_id)) == set()


WITHOUT: Final[dict[str, tuple[str, Callable[[AsyncSession], Statement], str]]] = {
    "lookup": (
        "ix_cases_number_norm",
        lambda session: lookup(session, None, ALL),
        "cases",
    ),
    "list": (
        "ix_cases_filed_on",
        lambda session: (
            case_order(CaseSort.FILED_ON).sort(CaseRepository(session).visible(ALL)).limit(PAGE)
        ),
        "cases",
    ),
    "activities": (
        "ix_case_activities_history",
        lambda session: activities(session, UUID(int=7)),
        "case_activities",
    ),
    "status events": (
        "ix_case_status_events_case_id",
        lambda session: LedgerRepository(session).of_case(UUID(int=7)),
        "case_status_events",
    ),
    "hearings": (
        "uq_hearings_day",
        lambda session: HearingRepository(session).of_case(UUID(int=7)),
        "hearings",
    ),
}


@pytest.mark.parametrize("what", WITHOUT)
async def test_without_its_index_a_statement_scans_its_table(
    session: AsyncSession, what: str
) -> None:
    index, statement, table = WITHOUT[what]
    connection = await session.connection()
    await connection.execute(text(f"DROP INDEX {index}"))  # rolled back with the session
    assert table in await scanned(session, statement(session))
