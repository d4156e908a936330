"""Reads what the ledger replays, and its live events."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, String, and_, bindparam, func, or_, true, update
from sqlalchemy import Select as RowSelect
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from common.keyset import Order, SortKey, read_id
from core_service.access.reach import of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.bulk import any_of
from core_service.cases.models import Case
from core_service.cases.records import AnyCase, original_of
from core_service.ledger.facts import COPIED, OutcomeEffect, OutcomeEffects
from core_service.ledger.models import (
    LEAD_POSITION,
    ActivityJudge,
    CaseActivity,
    CaseStatusEvent,
    EventKind,
)
from core_service.ledger.replay import ActivityFact, CaseFacts
from core_service.reference.models import (
    ActivityType,
    Cadre,
    CaseType,
    Court,
    Effect,
    Judge,
    Outcome,
)

BOTH_COURTS: Final = "whether a file has left one court and arrived at another; none is shown"
AS_THEY_TOOK_EFFECT: Final[Order[CaseStatusEvent]] = Order(
    "effective_on,recorded_at,id",
    (
        SortKey(
            col(CaseStatusEvent.effective_on), lambda row: row.effective_on, date.fromisoformat
        ),
        SortKey(
            col(CaseStatusEvent.recorded_at), lambda row: row.recorded_at, datetime.fromisoformat
        ),
        SortKey(col(CaseStatusEvent.id), lambda row: row.id, read_id),
    ),
)


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """An event that is not retracted."""

    id: UUID
    case_id: UUID
    kind: EventKind
    effective_on: date
    court_id: UUID
    case_type_id: UUID
    activity_id: UUID | None


@dataclass(frozen=True, slots=True)
class LedgerRepository(CourtDataRepository[CaseStatusEvent]):
    """The events of cases, and the facts that they follow from."""

    model: ClassVar[type[SQLModel]] = CaseStatusEvent
    session: AsyncSession

    def of_case(self, case_id: UUID) -> SelectOfScalar[CaseStatusEvent]:
        """Every event of a case, retracted ones too, in the order they took effect."""
        statement = select(CaseStatusEvent).where(CaseStatusEvent.case_id == case_id)
        in_order = (
            col(CaseStatusEvent.effective_on),
            col(CaseStatusEvent.recorded_at),
            col(CaseStatusEvent.id),
        )
        return of_found(statement.order_by(*in_order), [case_id])

    def live_of_case(self, case_id: UUID) -> SelectOfScalar[CaseStatusEvent]:
        """The events of a case that are not retracted."""
        return self.of_case(case_id).where(col(CaseStatusEvent.retracted_at).is_(None))

    async def live_of_cases(self, case_ids: Collection[UUID]) -> Sequence[LiveEvent]:
        """The events of cases that are not retracted, as plain rows."""
        columns = (getattr(CaseStatusEvent, field.name) for field in fields(LiveEvent))
        statement: RowSelect[*tuple[Any, ...]] = select_columns(*columns).where(
            any_of(CaseStatusEvent.case_id, set(case_ids)),
            col(CaseStatusEvent.retracted_at).is_(None),
        )
        connection = await self.session.connection()
        return [LiveEvent(*row) for row in await connection.execute(of_found(statement, case_ids))]

    async def retract(self, events: Collection[LiveEvent], now: datetime) -> None:
        """Mark events as retracted."""
        if events:
            these = any_of(CaseStatusEvent.id, {event.id for event in events})
            await self.session.exec(update(CaseStatusEvent).where(these).values(retracted_at=now))

    async def facts(self, cases: Iterable[AnyCase]) -> dict[UUID, CaseFacts]:
        wanted = {case.id: case for case in cases}
        type_ids = {case.case_type_id for case in wanted.values()}
        statement = select(CaseType.id, CaseType.category_id).where(col(CaseType.id).in_(type_ids))
        categories = dict((await self.session.exec(statement)).all())
        return {
            case_id: CaseFacts(
                case.court_id,
                categories[case.case_type_id],
                case.filed_on,
                received=case.received_from_id is not None,
                by_return=case.received_by_return,
            )
            for case_id, case in wanted.items()
        }

    async def activity_facts(self, case_ids: Collection[UUID]) -> dict[UUID, list[ActivityFact]]:
        benches: dict[UUID, dict[int, UUID]] = defaultdict(dict)
        found: dict[UUID, list[ActivityFact]] = {case_id: [] for case_id in case_ids}
        # Columns and no entities: a plain row costs a fifth of an entity.
        # This bypasses the session, so its pending changes have to be written first.
        await self.session.flush()
        connection = await self.session.connection()
        for activity_id, position, judge_id in await connection.execute(_seats(case_ids)):
            benches[activity_id][position] = judge_id
        for case_id, *facts in await connection.execute(_activity_facts(case_ids)):
            found[case_id].append(_fact(facts, benches.get(facts[0], {})))
        return found

    async def lock_origins(self, number_norms: Iterable[str]) -> None:
        """Let two courts that report both ends of one file take turns, to the transaction's end."""
        keys = [f"origin/{norm}" for norm in sorted(set(number_norms))]
        key = func.unnest(bindparam(None, keys, type_=ARRAY(String()))).column_valued("key")
        await self.session.exec(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))

    async def departed(self, arriving: Collection[AnyCase]) -> Sequence[Case]:
        """Cases whose file has left, by the number that these name, or that these came from."""
        stated = [(case, original_of(case).key(case.number_norm)) for case in arriving]
        if not stated:
            return ()
        numbers = {(key.number_norm, key.filed_year) for _, key in stated}
        named = [
            and_(
                col(Case.number_norm) == norm,
                true() if year is None else col(Case.filed_year) == year,
            )
            for norm, year in sorted(numbers, key=str)
        ]
        came_from = {case.received_from_id for case, _ in stated} - {None}
        left = select(CaseStatusEvent.id).where(
            col(CaseStatusEvent.case_id) == Case.id, _has_left()
        )
        statement = select(Case).where(
            or_(and_(or_(*named), left.exists()), col(Case.id).in_(came_from))
        )
        return (await self.session.exec(registry_wide(statement, BOTH_COURTS))).all()

    async def unanswered_departures(self, case_ids: Collection[UUID]) -> dict[UUID, list[date]]:
        """The days on which files left, but for those that a transfer order has received."""
        received = aliased(CaseActivity)
        answer = select(received.id).where(
            col(received.counterpart_id) == CaseStatusEvent.activity_id,
            col(received.voided_at).is_(None),
        )
        statement = select(col(CaseStatusEvent.case_id), col(CaseStatusEvent.effective_on)).where(
            col(CaseStatusEvent.case_id).in_(case_ids), _has_left(), ~answer.exists()
        )
        found: dict[UUID, list[date]] = {case_id: [] for case_id in case_ids}
        for case_id, day in await self.session.exec(registry_wide(statement, BOTH_COURTS)):
            found[case_id].append(day)
        return found

    async def naming(self, origins: Collection[AnyCase]) -> Sequence[Case]:
        """Cases that may go on what left as these, locked; none of a transfer order."""
        year = col(Case.original_year)
        statement = (
            select(Case)
            .where(
                or_(
                    and_(
                        col(Case.original_norm).in_({each.number_norm for each in origins}),
                        or_(year.is_(None), year.in_({each.filed_year for each in origins})),
                        col(Case.received_from_id).is_(None),
                        col(Case.deleted_at).is_(None),
                    ),
                    and_(
                        col(Case.received_from_id).in_({each.id for each in origins}),
                        col(Case.received_by_return).is_(True),
                    ),
                )
            )
            .order_by(col(Case.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return (await self.session.exec(registry_wide(statement, BOTH_COURTS))).all()

    async def courts(self, court_ids: Collection[UUID]) -> dict[UUID, Court]:
        statement = select(Court).where(col(Court.id).in_(court_ids))
        return {court.id: court for court in await self.session.exec(statement)}

    async def outcome_effects(self) -> OutcomeEffects:
        """What all reference data mean to the ledger; there are few."""
        exec_ = self.session.exec
        outcomes = await exec_(select(Outcome))
        hearings = select(ActivityType.id).where(col(ActivityType.counts_as_hearing))
        placeholders = select(Judge.id).where(col(Judge.cadre) == Cadre.PLACEHOLDER)
        types = await exec_(select(CaseType.id, CaseType.category_id))
        return OutcomeEffects(
            effects={
                each.id: OutcomeEffect(
                    each.effect, frozenset(each.limited_to), each.sets_down_for_id
                )
                for each in outcomes
            },
            hearings=frozenset(await exec_(hearings)),
            placeholders=frozenset(await exec_(placeholders)),
            categories=dict(types.all()),
        )


def _has_left() -> ColumnElement[bool]:
    return and_(
        col(CaseStatusEvent.kind) == EventKind.TRANSFER_OUT,
        col(CaseStatusEvent.retracted_at).is_(None),
    )


def _live(case_ids: Collection[UUID]) -> ColumnElement[bool]:
    return and_(any_of(CaseActivity.case_id, set(case_ids)), col(CaseActivity.voided_at).is_(None))


def _seats(case_ids: Collection[UUID]) -> Select[UUID, int, UUID]:
    """Who sat where; a placeholder is no judge."""
    seats = (
        select(ActivityJudge.activity_id, ActivityJudge.position, ActivityJudge.judge_id)
        .join(CaseActivity, col(CaseActivity.id) == ActivityJudge.activity_id)
        .join(Judge, col(Judge.id) == ActivityJudge.judge_id)
        .where(_live(case_ids), col(Judge.cadre) != Cadre.PLACEHOLDER)
        .order_by(col(ActivityJudge.activity_id), col(ActivityJudge.position))
    )
    return of_found(seats, case_ids)


def _activity_facts(case_ids: Collection[UUID]) -> RowSelect[*tuple[Any, ...]]:
    facts = (
        select_columns(
            col(CaseActivity.case_id),
            col(CaseActivity.id),
            *(getattr(CaseActivity, name) for name in COPIED),
            col(ActivityType.counts_as_hearing),
            col(Outcome.effect),
            col(Outcome.limited_to),
            col(Outcome.sets_down_for_id),
        )
        .join(ActivityType, col(ActivityType.id) == CaseActivity.activity_type_id)
        .outerjoin(Outcome, col(Outcome.id) == CaseActivity.outcome_id)
        .where(_live(case_ids))
    )
    return of_found(facts, case_ids)


def _fact(row: Sequence[Any], bench: Mapping[int, UUID]) -> ActivityFact:
    activity_id, *copied, hearing, effect, limits, set_down = row
    return ActivityFact(
        activity_id=activity_id,
        effect=effect or Effect.NONE,  # None without an outcome
        limited_to=frozenset(limits or ()),
        sets_down_for_id=set_down,
        lead_judge_id=bench.get(LEAD_POSITION),
        member_ids=tuple(judge for position, judge in bench.items() if position > LEAD_POSITION),
        counts_as_hearing=hearing,
        **dict(zip(COPIED, copied, strict=True)),
    )
