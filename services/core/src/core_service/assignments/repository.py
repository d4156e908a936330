"""Statements over assignments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import Select as RowSelect
from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.keyset import Order, SortKey, read_id
from core_service.access.reach import filtered, of_found
from core_service.access.repository import CourtDataRepository
from core_service.assignments.models import (
    AssignmentOrigin,
    AssignmentRole,
    CaseJudgeAssignment,
)
from core_service.bulk import any_of, update_rows
from core_service.cases.models import Case, CaseStatus
from core_service.cases.visibility import Visibility
from core_service.reference.models import Cadre, Judge

EARLIEST_FIRST: Final[Order[CaseJudgeAssignment]] = Order(
    "from_on,role,id",
    (
        SortKey(col(CaseJudgeAssignment.from_on), lambda row: row.from_on, date.fromisoformat),
        SortKey(col(CaseJudgeAssignment.role), lambda row: row.role, AssignmentRole),
        SortKey(col(CaseJudgeAssignment.id), lambda row: row.id, read_id),
    ),
)


@dataclass(frozen=True, slots=True)
class StoredAssignment:
    """An assignment as a plain row."""

    id: UUID
    case_id: UUID
    judge_id: UUID
    role: AssignmentRole
    from_on: date
    to_on: date | None
    origin: AssignmentOrigin
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class AssignmentRepository(CourtDataRepository[CaseJudgeAssignment]):
    """Assignments; the caller has found the case first."""

    model: ClassVar[type[SQLModel]] = CaseJudgeAssignment
    session: AsyncSession

    def of_case(self, case_id: UUID) -> SelectOfScalar[CaseJudgeAssignment]:
        statement = self.of_cases([case_id])
        return statement.order_by(
            col(CaseJudgeAssignment.from_on),
            col(CaseJudgeAssignment.role),
            col(CaseJudgeAssignment.id),
        )

    def locked_of(self, case_id: UUID, assignment_id: UUID) -> SelectOfScalar[CaseJudgeAssignment]:
        """The assignment with this ID if it is of the case, held until the transaction ends."""
        statement = self.of_case(case_id).where(col(CaseJudgeAssignment.id) == assignment_id)
        return statement.with_for_update().execution_options(populate_existing=True)

    def of_cases(self, case_ids: Collection[UUID]) -> SelectOfScalar[CaseJudgeAssignment]:
        of_cases = col(CaseJudgeAssignment.case_id).in_(case_ids)
        return of_found(select(CaseJudgeAssignment).where(of_cases), case_ids)

    async def stored(self, case_ids: Collection[UUID]) -> Sequence[StoredAssignment]:
        """All assignments of cases."""
        columns = (getattr(CaseJudgeAssignment, each.name) for each in fields(StoredAssignment))
        statement: RowSelect[*tuple[Any, ...]] = select_columns(*columns).where(
            any_of(CaseJudgeAssignment.case_id, set(case_ids))
        )
        await self.session.flush()  # what follows bypasses the session
        connection = await self.session.connection()
        found = await connection.execute(of_found(statement, case_ids))
        return [StoredAssignment(*row) for row in found]

    async def end(self, ended: Mapping[StoredAssignment, date | None], now: datetime) -> None:
        """Write until when assignments last; what users have assigned, the audit sees."""
        bench = [row for row in ended if row.origin is AssignmentOrigin.BENCH]
        assigned = {row.id: to_on for row, to_on in ended.items() if row not in bench}
        values = [{"id": row.id, "to_on": ended[row], "updated_at": now} for row in bench]
        await update_rows(self.session, CaseJudgeAssignment, ["id"], values)
        if assigned:
            these = any_of(CaseJudgeAssignment.id, set(assigned))
            statement = select(CaseJudgeAssignment).where(these)
            case_ids = {row.case_id for row in ended}
            for row in await self.all(of_found(statement, case_ids)):
                row.to_on, row.updated_at = assigned[row.id], now
            await self.session.flush()

    async def assignable(self, judge_ids: Sequence[UUID]) -> set[UUID]:
        """Those of the judges who are in office: active, not merged, no placeholder."""
        statement = select(Judge.id).where(
            col(Judge.id).in_(judge_ids),
            col(Judge.is_active),
            col(Judge.merged_into_id).is_(None),
            col(Judge.cadre) != Cadre.PLACEHOLDER,
        )
        return set((await self.session.exec(statement)).all())

    async def judges(self, judge_ids: Sequence[UUID]) -> dict[UUID, Judge]:
        statement = select(Judge).where(col(Judge.id).in_(judge_ids))
        return {judge.id: judge for judge in (await self.session.exec(statement)).all()}

    def led_cases(
        self, judge_id: UUID, court_id: UUID | None, visibility: Visibility
    ) -> SelectOfScalar[Case]:
        """The open cases that a judge leads, in the order that they are moved in."""
        statement = visibility.limit(select(Case)).where(
            col(Case.lead_judge_id) == judge_id,
            col(Case.status).in_([CaseStatus.PENDING, CaseStatus.INACTIVE]),
        )
        if court_id is not None:
            statement = statement.where(col(Case.court_id) == court_id)
        return statement.order_by(col(Case.filed_on), col(Case.id))

    async def locked(self, case_ids: Sequence[UUID]) -> Sequence[UUID]:
        """The cases, held until the transaction ends, in the order of all locks."""
        statement = select(Case.id).where(col(Case.id).in_(case_ids))
        held = of_found(statement.order_by(col(Case.id)).with_for_update(), case_ids)
        return (await self.session.exec(held)).all()

    async def cases(self, statement: SelectOfScalar[Case]) -> Sequence[Case]:
        return (await self.session.exec(statement)).all()

    async def count_cases(self, statement: SelectOfScalar[Case]) -> int:
        counted = select(func.count()).select_from(statement.order_by(None).subquery())
        return (await self.session.exec(filtered(counted))).one()
