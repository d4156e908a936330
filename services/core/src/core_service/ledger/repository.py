"""Reads what the ledger replays, and its live events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, func
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from common.repository import Repository
from core_service.activities.models import LEAD_POSITION, ActivityJudge, CaseActivity
from core_service.cases.models import Case
from core_service.ledger.models import CaseStatusEvent
from core_service.ledger.replay import ActivityFact, CaseFacts
from core_service.reference.models import ActivityType, Cadre, CaseType, Effect, Judge, Outcome

# Effect, limits, judge and members are None without an outcome, without a bench.
FactColumns = tuple[CaseActivity, bool, Effect, list[UUID], UUID, list[UUID]]


@dataclass(frozen=True, slots=True)
class LedgerRepository(Repository[CaseStatusEvent]):
    """The events of cases, and the facts that they follow from."""

    model: ClassVar[type[SQLModel]] = CaseStatusEvent
    session: AsyncSession

    def of_case(self, case_id: UUID) -> SelectOfScalar[CaseStatusEvent]:
        """Every event of a case, retracted ones too, in the order they took effect."""
        return (
            select(CaseStatusEvent)
            .where(CaseStatusEvent.case_id == case_id)
            .order_by(
                col(CaseStatusEvent.effective_on),
                col(CaseStatusEvent.recorded_at),
                col(CaseStatusEvent.id),
            )
        )

    def live_of_case(self, case_id: UUID) -> SelectOfScalar[CaseStatusEvent]:
        """The events of a case that stand."""
        return self.of_case(case_id).where(col(CaseStatusEvent.retracted_at).is_(None))

    async def facts(self, case: Case) -> CaseFacts:
        """The case, as the ledger sees it."""
        statement = select(CaseType.category_id).where(col(CaseType.id) == case.case_type_id)
        category_id = (await self.session.exec(statement)).one()
        return CaseFacts(
            case.court_id, category_id, case.filed_on, received=case.received_from_id is not None
        )

    async def activity_facts(self, case_id: UUID) -> Sequence[ActivityFact]:
        """The live activities of a case, as the ledger sees them."""
        found = await self.session.exec(_activity_facts(case_id))
        return [_fact(row) for row in found]


def _activity_facts(case_id: UUID) -> Select[*FactColumns]:
    lead = and_(
        col(ActivityJudge.activity_id) == CaseActivity.id,
        col(ActivityJudge.position) == LEAD_POSITION,
    )
    person = and_(col(Judge.id) == ActivityJudge.judge_id, col(Judge.cadre) != Cadre.PLACEHOLDER)
    facts: Select[*FactColumns] = (
        select(  # type: ignore[call-overload]  # SQLModel types four columns at most
            CaseActivity,
            col(ActivityType.counts_as_hearing),
            col(Outcome.effect),
            col(Outcome.limited_to),
            col(Judge.id),
            _members(),
        )
        .join(ActivityType, col(ActivityType.id) == CaseActivity.activity_type_id)
        .outerjoin(Outcome, col(Outcome.id) == CaseActivity.outcome_id)
        .outerjoin(ActivityJudge, lead)
        .outerjoin(Judge, person)
        .where(col(CaseActivity.case_id) == case_id, col(CaseActivity.voided_at).is_(None))
    )
    return facts


def _members() -> ScalarSelect[list[UUID]]:
    """The judges who sat beside the lead."""
    seat, judge = aliased(ActivityJudge), aliased(Judge)
    return (
        select(func.array_agg(aggregate_order_by(col(seat.judge_id), col(seat.position))))
        .join(judge, col(judge.id) == seat.judge_id)
        .where(
            col(seat.activity_id) == CaseActivity.id,
            col(seat.position) > LEAD_POSITION,
            col(judge.cadre) != Cadre.PLACEHOLDER,
        )
        .correlate(CaseActivity)
        .scalar_subquery()
    )


def _fact(row: FactColumns) -> ActivityFact:
    activity, counts_as_hearing, effect, limited_to, lead_judge_id, member_ids = row
    return ActivityFact(
        activity_id=activity.id,
        activity_on=activity.activity_on,
        seq=activity.seq,
        effect=effect or Effect.NONE,
        limited_to=frozenset(limited_to or ()),
        next_on=activity.next_on,
        lead_judge_id=lead_judge_id,
        custody_count=activity.custody_count,
        legal_representation=activity.legal_representation,
        member_ids=tuple(member_ids or ()),
        sets=activity.sets_status,
        activity_type_id=activity.activity_type_id,
        counts_as_hearing=counts_as_hearing,
    )
