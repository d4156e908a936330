"""A query over court data that does not declare its reach is refused, however it is built."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.composition import Units
from core_service.access.reach import (
    UnscopedStatementError,
    court_data_in,
    filtered,
    of_found,
    registry_wide,
)
from core_service.audit.acting import command
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL
from core_service.ledger.models import CaseActivity
from core_service.reference.models import Court
from core_service.returns.models import ImportRow
from testkit.core.api import Api
from testkit.core.registry import case_body


@pytest.fixture
async def case_id(admin: Api) -> UUID:
    return UUID((await admin.post("/cases", case_body())).json()["id"])


@pytest.fixture
async def session(core: Units) -> AsyncIterator[AsyncSession]:
    """A unit of work with the guard of a request."""
    with command("test"):
        async with core.database.transaction() as session:
            yield session


@pytest.mark.parametrize(
    "query",
    [
        select(Case),
        select(Case.id).where(col(Case.sealed)),
        select(func.count()).select_from(select(Case).subquery()),
        select(Court).where(col(Court.id).in_(select(Case.court_id))),
        select(ImportRow.raw),
        text("SELECT number_raw FROM cases"),
        text("WITH some AS (SELECT * FROM case_activities) SELECT * FROM some"),
    ],
    ids=[
        "entities",
        "a column",
        "a count",
        "a condition",
        "rows of files",
        "text",
        "text of a CTE",
    ],
)
async def test_an_undeclared_query_is_refused(session: AsyncSession, query: Any) -> None:
    with pytest.raises(UnscopedStatementError):
        await session.exec(query)
    with pytest.raises(UnscopedStatementError):
        await (await session.connection()).execute(query)


async def test_a_row_by_its_key_is_refused_unless_it_was_found(
    core: Units, session: AsyncSession, case_id: UUID
) -> None:
    cases = core.container(session).get(CaseService)
    with pytest.raises(UnscopedStatementError):
        await session.get(Case, case_id)
    with pytest.raises(UnscopedStatementError):
        await cases.cases.get(case_id)

    found = await cases.get(case_id, ALL)

    assert await cases.cases.get(case_id, lock=True) is found


async def test_rows_of_a_case_are_read_only_after_the_case(
    core: Units, session: AsyncSession, case_id: UUID
) -> None:
    of_case = select(CaseActivity).where(col(CaseActivity.case_id) == case_id)
    with pytest.raises(UnscopedStatementError):
        await session.exec(of_found(of_case, [case_id]))

    await core.container(session).get(CaseService).get(case_id, ALL)

    assert (await session.exec(of_found(of_case, [case_id]))).all() == []
    with pytest.raises(UnscopedStatementError):
        await session.exec(of_found(of_case, [case_id, uuid4()]))


async def test_declared_queries_and_shared_data_pass(session: AsyncSession) -> None:
    assert (await session.exec(filtered(select(Case)))).all() == []
    assert (await session.exec(registry_wide(select(Case), "a test"))).all() == []
    assert (await session.exec(select(Court))).all()


async def test_counting_a_declared_query_passes(core: Units, session: AsyncSession) -> None:
    cases = core.container(session).get(CaseService).cases

    assert await cases.count(cases.visible(ALL)) == 0


async def test_units_of_work_outside_requests_are_not_guarded(core: Units) -> None:
    async with core.database.transaction() as session:
        assert (await session.exec(select(Case))).all() == []


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT * FROM courts", set()),
        ("SELECT cases.id FROM cases", {"cases"}),
        ("(SELECT 1 FROM hearings) UNION SELECT 1", {"hearings"}),
        ("INSERT INTO cases (id) VALUES (1)", set()),
        ("UPDATE cases SET sealed = true", set()),
        ("SELECT lower(name) FROM courts WHERE name = 'x'", set()),
    ],
)
def test_the_tables_of_a_query_are_found(sql: str, tables: set[str]) -> None:
    assert court_data_in(sql) == tables
