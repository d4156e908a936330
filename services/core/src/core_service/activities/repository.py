"""Statements over activities and their benches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import Date, and_, case, exists, func, or_
from sqlalchemy import Select as RowSelect
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased, defer
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.keyset import Order, SortKey, read_id
from core_service.access.reach import note_made, of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.activities.records import (
    CONTENT_COLUMNS,
    ActivityContent,
    ActivityState,
    DayReported,
    Known,
)
from core_service.bulk import any_of
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber
from core_service.cases.visibility import Visibility
from core_service.ledger.models import LEAD_POSITION, ActivityJudge, CaseActivity, VoidReason
from core_service.reference.models import ActivityType, AdjournmentReason, Outcome
from core_service.sources import SourceKind

COUNTS: Final = "whether what an import has recorded still counts decides about a file sent again"
BOTH_ENDS: Final = "a transfer is voided at both ends, and corrected at neither"
# What was recorded before versions were counted comes first of its moment.
VERSION_OR_0: Final = func.coalesce(col(CaseActivity.case_version), 0)
IN_ORDER_OF_DAYS: Final[Order[CaseActivity]] = Order(
    "activity_on,seq,id",
    (
        SortKey(col(CaseActivity.activity_on), lambda row: row.activity_on, date.fromisoformat),
        SortKey(col(CaseActivity.seq), lambda row: row.seq, int),
        SortKey(col(CaseActivity.id), lambda row: row.id, read_id),
    ),
    large=True,
)
AS_RECORDED: Final[Order[CaseActivity]] = Order(
    "created_at,case_version,id",
    (
        SortKey(col(CaseActivity.created_at), lambda row: row.created_at, datetime.fromisoformat),
        SortKey(VERSION_OR_0, lambda row: row.case_version or 0, int),
        SortKey(col(CaseActivity.id), lambda row: row.id, read_id),
    ),
)
WORDS: Final = (
    (ActivityType, "activity_type_id"),
    (Outcome, "outcome_id"),
    (AdjournmentReason, "reason_id"),
)


@dataclass(slots=True)
class KnownDays:
    """A case's activities of some days that are live or were corrected, and the last place taken on
    each, by whatever was voided too.
    """

    live: list[Known] = field(default_factory=list)
    corrected: list[Known] = field(default_factory=list)
    last_seqs: dict[date, int] = field(default_factory=dict)

    def add(self, activity: Known, voided: VoidReason | None = None) -> None:
        """Take in the next activity in the order of their places."""
        last = self.last_seqs.get(activity.activity_on, 0)
        self.last_seqs[activity.activity_on] = max(last, activity.seq)
        if voided is None:
            self.live.append(activity)
        elif voided is VoidReason.CORRECTED:
            self.corrected.append(activity)

    def correct(self, activity_id: UUID, activity: Known) -> None:
        """Take in an activity in the place of another, which it corrects."""
        place = next(n for n, each in enumerate(self.live) if each.activity_id == activity_id)
        self.corrected.append(self.live[place])
        self.live[place] = activity

    def next_seq(self, day: date) -> int:
        return self.last_seqs.get(day, 0) + 1

    def on(self, day: date) -> Sequence[Known]:
        return [known for known in self.live if known.activity_on == day]


@dataclass(frozen=True, slots=True)
class ActivityRepository(CourtDataRepository[CaseActivity]):
    """Activities of cases; the caller has found the case first."""

    model: ClassVar[type[SQLModel]] = CaseActivity
    session: AsyncSession

    def of_case(self, case_id: UUID) -> SelectOfScalar[CaseActivity]:
        """Every activity of a case, voided ones too, in the order of the days."""
        statement = select(CaseActivity).where(col(CaseActivity.case_id) == case_id)
        in_order = (col(CaseActivity.activity_on), col(CaseActivity.seq), col(CaseActivity.id))
        return of_found(statement.order_by(*in_order), [case_id])

    def visible(self, activity_id: UUID, visibility: Visibility) -> SelectOfScalar[CaseActivity]:
        statement = select(CaseActivity).join(Case, col(Case.id) == CaseActivity.case_id)
        return visibility.limit(statement).where(col(CaseActivity.id) == activity_id)

    def locked_of(self, case_id: UUID, activity_id: UUID) -> SelectOfScalar[CaseActivity]:
        """The activity with this ID if it is of the case, held until the transaction ends."""
        statement = self.of_case(case_id).where(col(CaseActivity.id) == activity_id)
        return statement.with_for_update().execution_options(populate_existing=True)

    def fresh(self, activity_id: UUID) -> SelectOfScalar[CaseActivity]:
        """The activity with this ID as it is now, also the other end of a transfer."""
        statement = select(CaseActivity).where(col(CaseActivity.id) == activity_id)
        return registry_wide(statement, BOTH_ENDS).execution_options(populate_existing=True)

    def by_ids(self, activity_ids: Sequence[UUID]) -> SelectOfScalar[CaseActivity]:
        """Activities of any court."""
        statement = select(CaseActivity).where(col(CaseActivity.id).in_(activity_ids))
        return registry_wide(statement, "a merge renews the digests of all courts")

    def without_details(self, case_id: UUID) -> SelectOfScalar[CaseActivity]:
        """The live activities of a case, without what is the largest part of each."""
        details = CaseActivity.details
        return self.live_of_case(case_id).options(defer(details))  # type: ignore[arg-type]  # SQLModel's columns have their values' types

    def live_of_case(self, case_id: UUID) -> SelectOfScalar[CaseActivity]:
        return self.of_case(case_id).where(col(CaseActivity.voided_at).is_(None))

    async def page_behind(
        self,
        statement: SelectOfScalar[CaseActivity],
        order: Order[CaseActivity],
        after: Sequence[Any] | None,
        limit: int,
    ) -> Sequence[CaseActivity]:
        """The next activities in an order."""
        wanted = order.sort(statement.order_by(None))
        if after is not None:
            wanted = order.after(wanted, after)
        return await self.all(wanted.limit(limit))

    async def states(self, activity_ids: Collection[UUID]) -> dict[UUID, ActivityState]:
        """Of each activity whether it counts, and what it is about."""
        counts = and_(col(CaseActivity.voided_at).is_(None), col(Case.deleted_at).is_(None))
        number = (Case.court_id, Case.caseid_type, Case.number_norm, Case.filed_year)
        columns: Sequence[Any] = (CaseActivity.id, CaseActivity.activity_on, counts, *number)
        statement: RowSelect[*tuple[Any, ...]] = (
            select_columns(*columns)
            .join(Case, col(Case.id) == CaseActivity.case_id)
            .where(any_of(CaseActivity.id, set(activity_ids)))
        )
        connection = await self.session.connection()
        found = await connection.execute(registry_wide(statement, COUNTS))
        return {row[0]: ActivityState(row[1], row[2], CaseNumber(*row[3:])) for row in found}

    async def known_on_days(
        self, case_ids: Collection[UUID], days: Collection[date]
    ) -> dict[UUID, KnownDays]:
        """What decides whether records of these days are new, the same or corrections."""
        lead = and_(
            col(ActivityJudge.activity_id) == CaseActivity.id,
            col(ActivityJudge.position) == LEAD_POSITION,
        )
        answer = aliased(CaseActivity)
        is_answered = exists().where(
            col(answer.counterpart_id) == CaseActivity.id, col(answer.voided_at).is_(None)
        )
        statement: RowSelect[*tuple[Any, ...]] = (
            select_columns(
                col(CaseActivity.case_id),
                case((col(CaseActivity.voided_at).is_not(None), col(CaseActivity.void_reason))),
                col(CaseActivity.id),
                col(ActivityJudge.judge_id),
                col(CaseActivity.content_hash),
                col(CaseActivity.seq),
                or_(col(CaseActivity.sets_status).is_not(None), is_answered),
                col(CaseActivity.version),
                *(getattr(CaseActivity, name) for name in CONTENT_COLUMNS),
            )
            .outerjoin(ActivityJudge, lead)
            .where(
                any_of(CaseActivity.case_id, set(case_ids)),
                any_of(CaseActivity.activity_on, set(days), Date()),
            )
            .order_by(col(CaseActivity.seq))
        )
        found = {case_id: KnownDays() for case_id in case_ids}
        await self.session.flush()  # what follows bypasses the session
        connection = await self.session.connection()
        for case_id, voided, *known in await connection.execute(of_found(statement, case_ids)):
            found[case_id].add(_known(*known), voided)
            note_made(self.session.sync_session, known[0])
        return found

    async def next_seq(self, case_id: UUID, day: date) -> int:
        statement = select(func.coalesce(func.max(CaseActivity.seq), 0) + 1).where(
            col(CaseActivity.case_id) == case_id, col(CaseActivity.activity_on) == day
        )
        return (await self.session.exec(of_found(statement, [case_id]))).one()

    async def answer_to(self, activity_id: UUID) -> CaseActivity | None:
        """The live arrival at another court that answers this departure."""
        statement = select(CaseActivity).where(
            col(CaseActivity.counterpart_id) == activity_id, col(CaseActivity.voided_at).is_(None)
        )
        statement = registry_wide(statement, BOTH_ENDS)
        return await self.first(statement.execution_options(populate_existing=True))

    async def successors(self, case_id: UUID, ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """Which activity of the case corrected which of these, as corrected to correcting."""
        statement = select(CaseActivity.supersedes_id, CaseActivity.id).where(
            col(CaseActivity.case_id) == case_id, col(CaseActivity.supersedes_id).in_(ids)
        )
        rows = await self.session.exec(of_found(statement, [case_id]))
        return {old: new for old, new in rows if old is not None}

    async def benches(self, activity_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """The judges of each activity, the lead first."""
        statement = (
            select(ActivityJudge)
            .where(col(ActivityJudge.activity_id).in_(activity_ids))
            .order_by(col(ActivityJudge.activity_id), col(ActivityJudge.position))
        )
        found: dict[UUID, list[UUID]] = {activity_id: [] for activity_id in activity_ids}
        for seat in await self.session.exec(of_found(statement, activity_ids)):
            found[seat.activity_id].append(seat.judge_id)
        return found

    async def days_reported(
        self, first: date, last: date, court_ids: Collection[UUID], visibility: Visibility
    ) -> Sequence[DayReported]:
        """The days of which something was recorded from a return, of cases that are seen."""
        statement: Any = (
            select(  # type: ignore[call-overload]  # typed for columns that are never NULL
                Case.court_id,
                CaseActivity.activity_on,
                func.count(),
                func.min(CaseActivity.created_at),
            )
            .join(CaseActivity, col(CaseActivity.case_id) == Case.id)
            .where(
                col(CaseActivity.activity_on).between(first, last),
                col(CaseActivity.source_kind) == SourceKind.IMPORT,
                col(CaseActivity.voided_at).is_(None),
                col(Case.court_id).in_(court_ids),
            )
            .group_by(col(Case.court_id), col(CaseActivity.activity_on))
        )
        found = await self.session.exec(visibility.limit(statement))
        return [DayReported(*row) for row in found]

    async def labels(self, activities: Sequence[CaseActivity]) -> dict[UUID, str]:
        found: dict[UUID, str] = {}
        for model, name in WORDS:
            wanted = {getattr(activity, name) for activity in activities} - {None}
            if wanted:
                statement = select(model.id, model.label).where(col(model.id).in_(wanted))
                found |= dict((await self.session.exec(statement)).all())
        return found


def _known(
    activity_id: UUID,
    lead_judge_id: UUID | None,
    digest: bytes,
    seq: int,
    is_act: bool,  # columns of a row
    version: int,
    *columns: Any,
) -> Known:
    content = ActivityContent(**dict(zip(CONTENT_COLUMNS, columns, strict=True)))
    return Known(
        activity_id,
        content.activity_on,
        content.activity_type_id,
        lead_judge_id,
        content.outcome_id,
        digest,
        seq,
        is_act,
        version,
        content,
    )
