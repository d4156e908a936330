"""Statements over hearings."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import Select as RowSelect
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from common.errors import BadRequest
from common.keyset import Order, SortKey, read_id
from core_service.access.actors import SYSTEM
from core_service.access.reach import of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.bulk import any_of, update_rows
from core_service.cases.models import Case
from core_service.cases.numbers import display_number
from core_service.cases.visibility import Visibility
from core_service.hearings.models import Hearing, HearingStatus
from core_service.hearings.parameters import ListQuery
from core_service.ledger.models import CaseActivity, VoidReason
from core_service.reference.models import ActivityType, Judge

IN_ORDER_OF_DAYS: Final[Order[Hearing]] = Order(
    "hearing_on,id",
    (
        SortKey(col(Hearing.hearing_on), lambda row: row.hearing_on, date.fromisoformat),
        SortKey(col(Hearing.id), lambda row: row.id, read_id),
    ),
)

ActualActivity = aliased(CaseActivity)

# Judge and purpose are None where there is none.
ListedColumns = tuple[Hearing, Case, Judge, str]
# A court's day has hundreds at most; the answer stays below 2 MiB.
MOST_LISTED: Final = 2000
PART_ROWS: Final = 100
UNTOLD = HearingStatus.SCHEDULED


@dataclass(frozen=True, slots=True)
class ListedHearing:
    hearing: Hearing
    case: Case
    judge: Judge | None
    purpose: str | None

    @property
    def number(self) -> str:
        return display_number(self.case.caseid_type, self.case.number_raw, self.case.filed_year)


@dataclass(slots=True)
class DiaryDay:
    """One judge's day at a court, or all hearings of a day without a judge."""

    on: date
    judge_id: UUID | None
    judge_name: str | None
    counts: dict[HearingStatus, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        counted: Iterable[tuple[date, UUID | None, HearingStatus, int]],
        names: Mapping[UUID, str],
    ) -> "list[DiaryDay]":
        """Counts by status put together by day and judge, sorted by day and name."""
        days: dict[tuple[date, UUID | None], DiaryDay] = {}
        for on, judge_id, status, count in counted:
            name = names[judge_id] if judge_id is not None else None
            day = days.setdefault((on, judge_id), cls(on, judge_id, name))
            day.counts[status] = count
        return sorted(days.values(), key=lambda day: (day.on, day.judge_name or ""))


@dataclass(frozen=True, slots=True)
class StoredHearing:
    """A hearing as a plain row."""

    id: UUID
    case_id: UUID
    court_id: UUID
    version: int
    hearing_on: date
    judge_id: UUID | None
    purpose_id: UUID | None
    setting_no: int
    status: HearingStatus
    set_by_id: UUID | None
    actual_id: UUID | None
    is_manual: bool
    is_vacated: bool
    planned_judge_id: UUID | None
    planned_purpose_id: UUID | None

    @property
    def state(self) -> dict[str, Any]:
        """The columns that follow from the case's activities."""
        return {name: getattr(self, name) for name in DERIVED}


DERIVED: Final = (
    "court_id",
    "hearing_on",
    "judge_id",
    "purpose_id",
    "setting_no",
    "status",
    "set_by_id",
    "actual_id",
)


@dataclass(frozen=True, slots=True)
class HearingRepository(CourtDataRepository[Hearing]):
    """Hearings of cases; lists give only what the caller may know of."""

    model: ClassVar[type[SQLModel]] = Hearing
    session: AsyncSession

    def of_case(self, case_id: UUID) -> SelectOfScalar[Hearing]:
        statement = select(Hearing).where(col(Hearing.case_id) == case_id)
        return of_found(statement.order_by(col(Hearing.hearing_on)), [case_id])

    async def stored(self, case_ids: Collection[UUID]) -> Sequence[StoredHearing]:
        """All hearings of cases."""
        columns = (getattr(Hearing, each.name) for each in fields(StoredHearing))
        statement: RowSelect[*tuple[Any, ...]] = select_columns(*columns).where(
            any_of(Hearing.case_id, set(case_ids))
        )
        await self.session.flush()  # what follows bypasses the session
        connection = await self.session.connection()
        found = await connection.execute(of_found(statement, case_ids))
        return [StoredHearing(*row) for row in found]

    async def change(
        self, changes: Collection[tuple[StoredHearing, Mapping[str, Any]]], now: datetime
    ) -> None:
        """Write columns of hearings; of what users have planned, the audit sees it, and
        `updated_at` goes on saying when a user last planned it.
        """
        derived = [
            {
                "id": hearing.id,
                "updated_at": now,
                "updated_by": SYSTEM.user_id,
                "version": hearing.version + 1,
                **values,
            }
            for hearing, values in changes
            if not hearing.is_manual
        ]
        await update_rows(self.session, Hearing, ["id"], derived)
        manual = {hearing.id: values for hearing, values in changes if hearing.is_manual}
        if manual:
            statement = select(Hearing).where(any_of(Hearing.id, set(manual)))
            case_ids = {hearing.case_id for hearing, _ in changes}
            for row in await self.all(of_found(statement, case_ids)):
                for name, value in manual[row.id].items():
                    setattr(row, name, value)
                row.version += 1
            await self.session.flush()

    def visible(self, hearing_id: UUID, visibility: Visibility) -> SelectOfScalar[Hearing]:
        of_case = col(Case.id) == Hearing.case_id
        return visibility.limit(select(Hearing).join(Case, of_case)).where(
            col(Hearing.id) == hearing_id
        )

    async def labels(self, purpose_ids: Sequence[UUID | None]) -> dict[UUID, str]:
        wanted = set(purpose_ids) - {None}
        statement = select(ActivityType.id, ActivityType.label).where(
            col(ActivityType.id).in_(wanted)
        )
        return dict((await self.session.exec(statement)).all())

    async def moved(self, activity_ids: Collection[UUID | None]) -> set[UUID]:
        """Those of the activities that were corrected, so that the day which they set is another
        now.
        """
        if not activity_ids:
            return set()
        corrected = select(CaseActivity.id).where(
            any_of(CaseActivity.id, set(activity_ids)),
            col(CaseActivity.void_reason) == VoidReason.CORRECTED,
        )
        return set(await self.session.exec(of_found(corrected, ())))

    async def scheduled_since(self, batch_id: UUID, limit: int) -> Sequence[UUID]:
        """Cases for which users have scheduled since this import recorded an activity of them."""
        recorded = select(CaseActivity.id).where(
            col(CaseActivity.batch_id) == batch_id,
            col(CaseActivity.case_id) == Hearing.case_id,
            col(CaseActivity.created_at) < Hearing.updated_at,
        )
        statement = select(Hearing.case_id).where(col(Hearing.is_manual), recorded.exists())
        in_order = statement.distinct().order_by(col(Hearing.case_id)).limit(limit)
        found = await self.session.exec(registry_wide(in_order, "what builds on an import"))
        return found.all()

    async def cause_list(
        self, visibility: Visibility, wanted: ListQuery, *, vacated: bool
    ) -> list[ListedHearing]:
        """The hearings that were planned; with `vacated`, also those that do not take place."""
        statement = _listed(visibility, wanted.court, wanted.on).where(
            or_(col(Hearing.set_by_id).is_not(None), col(Hearing.is_manual))
        )
        if not vacated:
            statement = statement.where(col(Hearing.status) != HearingStatus.VACATED)
        if wanted.judge is not None:
            statement = statement.where(col(Hearing.judge_id) == wanted.judge)
        return await self._rows(statement)

    async def missing_outcomes(
        self, visibility: Visibility, court_id: UUID, day: date
    ) -> list[ListedHearing]:
        """Hearings of a day with nothing recorded, or recorded without an outcome."""
        untold = or_(
            col(Hearing.status) == UNTOLD,
            and_(col(Hearing.actual_id).is_not(None), col(ActualActivity.outcome_id).is_(None)),
        )
        statement = _listed(visibility, court_id, day).outerjoin(
            ActualActivity, col(ActualActivity.id) == Hearing.actual_id
        )
        return await self._rows(statement.where(untold))

    async def diary(
        self, visibility: Visibility, court_id: UUID, first: date, last: date
    ) -> list[DiaryDay]:
        """How many hearings each judge has on each day, of the cases that the caller may see."""
        statement = (
            select(
                col(Hearing.hearing_on), col(Hearing.judge_id), col(Hearing.status), func.count()
            )
            .join(Case, col(Case.id) == Hearing.case_id)
            .where(
                _at(court_id),
                col(Hearing.hearing_on).between(first, last),
            )
            .group_by(col(Hearing.hearing_on), col(Hearing.judge_id), col(Hearing.status))
        )
        counted = (await self.session.exec(visibility.limit(statement))).all()
        judges = {judge_id for _, judge_id, _, _ in counted if judge_id is not None}
        named = select(Judge.id, Judge.display_name).where(col(Judge.id).in_(judges))
        return DiaryDay.of(counted, dict((await self.session.exec(named)).all()))

    async def _rows(self, statement: Select[*ListedColumns]) -> list[ListedHearing]:
        """The rows, in parts: a long list must not block the event loop. Raises BadRequest."""
        limited = statement.limit(MOST_LISTED + 1).execution_options(yield_per=PART_ROWS)
        found = await self.session.stream(limited)
        listed = [ListedHearing(*row) async for part in found.partitions() for row in part]
        if len(listed) > MOST_LISTED:
            raise BadRequest(f"The list has more than {MOST_LISTED} matters; name a judge")
        return listed


def _at(court_id: UUID) -> ColumnElement[bool]:
    return col(Hearing.court_id) == court_id


def _listed(visibility: Visibility, court_id: UUID, day: date) -> Select[*ListedColumns]:
    statement = (
        select(Hearing, Case, Judge, col(ActivityType.label))
        .join(Case, col(Case.id) == Hearing.case_id)
        .outerjoin(Judge, col(Judge.id) == Hearing.judge_id)
        .outerjoin(ActivityType, col(ActivityType.id) == Hearing.purpose_id)
        .where(_at(court_id), col(Hearing.hearing_on) == day)
        .order_by(
            col(Judge.display_name).nulls_last(),
            col(Case.caseid_type),
            col(Case.filed_year),
            col(Case.number_serial),
            col(Hearing.id),
        )
    )
    return visibility.limit(statement)
