"""Lookups and lists go by indexes: nothing reads all cases, however many there are."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlmodel.sql.expression import SelectOfScalar

from common.identity import CourtScope
from common.testing.databases import DatabaseTemplate
from core_service.access.courts import ALL, Visibility
from core_service.activities.repository import ActivityRepository
from core_service.cases.listing import CaseFilter, CaseSort, case_order
from core_service.cases.models import CaseStatus
from core_service.cases.numbers import NumberQuery
from core_service.cases.repository import CaseRepository
from core_service.testing.registry import AMINA, TESTVILLE, case_type, category
from core_service.testing.settings import make_settings
from core_service.wiring import Core

CASES: Final = 20_000
PAGE: Final = 51
TODAY: Final = date(2026, 6, 1)
FILL: Final = """
INSERT INTO cases (id, created_at, updated_at, version, court_id, caseid_type, number_raw,
  number_norm, number_serial, filed_year, filed_on, case_type_id, status, status_since, disposed_on,
  next_hearing_on, last_activity_on, activity_count, adjournment_count, lead_judge_id,
  male_applicant, female_applicant, organization_applicant, male_defendant, female_defendant,
  organization_defendant, custody_count, sealed, source_kind)
SELECT gen_random_uuid(), now(), now(), 1, court.id, (ARRAY['HCCC', 'HCCR', 'MCCC'])[1 + n % 3],
  'E' || n, 'E' || n, n, extract(year FROM day), day, kind.id,
  CASE WHEN n % 3 = 0 THEN 'disposed' ELSE 'pending' END, day,
  CASE WHEN n % 3 = 0 THEN day + 200 END, CASE WHEN n % 3 > 0 THEN day + 90 END, day + 30, 3, 1,
  judge.id, 1, 0, 0, 1, 0, 0, n % 40 / 39, n % 500 = 0, 'system'
FROM (SELECT n, date '2015-01-01' + n % 4000 AS day FROM generate_series(1, :count) AS n) AS given
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM courts) AS court
  ON court.place = n % (SELECT count(*) FROM courts)
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM case_types) AS kind
  ON kind.place = n % (SELECT count(*) FROM case_types)
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM judges) AS judge
  ON judge.place = n % (SELECT count(*) FROM judges)
"""


@pytest.fixture(scope="module")
def filled_url(database_template: DatabaseTemplate) -> Iterator[str]:
    """One filled database for all plans."""
    with database_template.clone() as url:
        yield url


@pytest.fixture
async def filled(filled_url: str) -> AsyncIterator[Core]:
    core = Core.build(make_settings(filled_url))
    async with core.database.transaction() as session:
        connection = await session.connection()
        if await connection.scalar(text("SELECT count(*) FROM cases")) == 0:
            await connection.execute(text(FILL), {"count": CASES})
    async with core.database.transaction() as session:
        await (await session.connection()).execute(text("ANALYZE cases"))
    yield core
    await core.close()


async def scanned(core: Core, statement: SelectOfScalar[Any]) -> set[str]:
    """The tables that the statement's plan reads from one end to the other."""
    async with core.database.snapshot() as session:
        connection = await session.connection()
        compiled = statement.compile(connection.sync_engine, compile_kwargs={"literal_binds": True})
        plan = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}")
        (root,) = plan.scalar_one()
    return set(_scans(root["Plan"]))


def _scans(node: dict[str, Any]) -> list[str]:
    here = [node["Relation Name"]] if node["Node Type"] == "Seq Scan" else []
    return here + [name for child in node.get("Plans", []) for name in _scans(child)]


FILTERS: Final = {
    "none": CaseFilter(),
    "court": CaseFilter(court=TESTVILLE),
    "case type": CaseFilter(case_type=case_type("CIVSUIT")),
    "category": CaseFilter(category=category("CIV")),
    "status": CaseFilter(status=CaseStatus.PENDING),
    "judge": CaseFilter(judge=AMINA),
    "filed": CaseFilter(filed_from=date(2020, 1, 1), filed_to=date(2020, 3, 1)),
    "disposed": CaseFilter(disposed_from=date(2020, 1, 1), disposed_to=date(2020, 1, 9)),
    "next": CaseFilter(next_from=date(2020, 1, 1), next_to=date(2020, 1, 9)),
    "custody": CaseFilter(custody=True),
    "age": CaseFilter(age_min=365, age_max=400),
    "sealed": CaseFilter(sealed=True),
    "number": CaseFilter(q="HCCC E014 of 2020"),
    "type's start": CaseFilter(q="HCC"),
}
SCOPES: Final = {
    "everywhere": ALL,
    "one court": Visibility(CourtScope(frozenset({TESTVILLE})), CourtScope(frozenset())),
}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("wanted", FILTERS)
async def test_a_list_reads_no_more_than_it_shows(filled: Core, wanted: str, scope: str) -> None:
    async with filled.database.snapshot() as session:
        cases = CaseRepository(session)
        statement = FILTERS[wanted].apply(cases.visible(SCOPES[scope]), TODAY)
        for sort in CaseSort:
            page = case_order(sort).sort(statement).limit(PAGE)
            assert "cases" not in await scanned(filled, page), sort


@pytest.mark.parametrize("year", [2020, None])
async def test_a_lookup_goes_by_the_number(filled: Core, year: int | None) -> None:
    async with filled.database.snapshot() as session:
        query = NumberQuery("HCCC", "E14", year)
        statement = CaseRepository(session).like_number(query, ALL).limit(20)
        assert "cases" not in await scanned(filled, statement)


async def test_a_case_s_activities_go_by_the_case(filled: Core) -> None:
    async with filled.database.transaction() as session:
        # The table is empty here, and a planner would rightly read nothing from end to end.
        await (await session.connection()).execute(text("SET LOCAL enable_seqscan = off"))
        statement = ActivityRepository(session).of_case(TESTVILLE)
        connection = await session.connection()
        compiled = statement.compile(connection.sync_engine, compile_kwargs={"literal_binds": True})
        plan = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}")
        (root,) = plan.scalar_one()
    assert _scans(root["Plan"]) == []
