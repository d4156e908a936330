"""Judgment delivery: decisions that were reserved, and how long they took."""

from enum import StrEnum
from typing import Any, Final

from pydantic import Field
from sqlalchemy import ColumnElement, Date, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.cases.models import Case
from core_service.metrics.conditions import Question, Statement
from core_service.metrics.counting import CountedFigure, Rows, excluded
from core_service.metrics.frame import Excluded, RatioRead, Values, percentile, ratio
from core_service.metrics.known import was_deleted
from core_service.metrics.lives import end
from core_service.metrics.models import ReservedDecision as Decision
from core_service.metrics.recorded import (
    Activity,
    activities,
    belonging,
    by_lead,
    has_effect,
    recorded_on,
    with_effect,
)
from core_service.metrics.standards import with_standard
from core_service.reference.measures import TimeMeasure
from core_service.reference.models import Effect, Outcome

ENDS: Final = (Effect.DELIVER, Effect.DISPOSE, Effect.TRANSFER_OUT)


class JudgmentDeliveryColumn(StrEnum):
    """Which reserved decisions."""

    DELIVERED = "delivered"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    WAITING = "waiting"
    OVERDUE = "overdue"


class JudgmentDeliveryValues(ResponseModel):
    """Decisions delivered in the period, how many of them in time, and those that are overdue.

    The link lists `column=delivered`; `numerator` are those in time, `denominator` those that have
    a limit, `waiting` what is reserved at the end, and `overdue` what has waited for too long.
    """

    delivered: int
    in_time: RatioRead
    median: int | None = Field(description="days from reserved to delivered; null without any")
    waiting: int
    overdue: int


class JudgmentDelivery(CountedFigure):
    """Within so many days of being reserved."""

    name = "judgment-delivery"
    title = "delivery of reserved judgments and rulings"
    text = (
        "Of the judgments and rulings that were reserved and delivered in the period, the part "
        "within the limit (seeded as 60 days after Kenya's Civil Procedure Rules 2010, Order 21, "
        "whose text was not checked: a time standard of the measure `reserved_to_delivered`); and "
        "those waiting and overdue at its "
        "end. A decision is reserved by the first outcome with the effect `reserve` since the last "
        "decision: a date that is moved starts no new time. It is delivered by one that "
        "delivers, or disposes of the case other than without a decision on the merits. What ends "
        "otherwise (withdrawn, transferred) is in `excluded`. Reserved on 1 March and delivered "
        "on 30 April is 60 days: in time. The judge is the one who led the bench that reserved it."
    )
    values = JudgmentDeliveryValues
    columns = JudgmentDeliveryColumn

    def rows(self, question: Question) -> Rows:
        found, period, until = _reserved(question), question.period, literal(end(question), Date)
        measured, limit = with_standard(
            question,
            by_lead(question, found, found.c.id),
            func.coalesce(found.c.ended_on, until),
            TimeMeasure.RESERVED_TO_DELIVERED,
        )
        ended = func.coalesce(found.c.ended_on.between(period.first, period.last), False)
        delivered, waiting = and_(ended, found.c.decided), found.c.ended_on.is_(None)
        days = func.coalesce(found.c.ended_on, until) - found.c.reserved_on
        return Rows(
            measured,
            func.coalesce(found.c.ended_on, found.c.reserved_on),
            found.c.id,
            found.c.case_id,
            {
                JudgmentDeliveryColumn.DELIVERED: delivered,
                JudgmentDeliveryColumn.NUMERATOR: and_(delivered, days <= limit),
                JudgmentDeliveryColumn.DENOMINATOR: and_(delivered, limit.is_not(None)),
                JudgmentDeliveryColumn.WAITING: waiting,
                JudgmentDeliveryColumn.OVERDUE: and_(waiting, days > limit),
            },
            {
                "undecided": func.count().filter(ended, ~found.c.decided),
            },
            {"days": (days, delivered)},
        )

    def line(self, counts: Values, question: Question) -> Values:
        shown = {name: counts[name] for name in ("delivered", "waiting", "overdue")}
        return {
            **shown,
            "in_time": ratio(counts["numerator"], counts["denominator"]),
            "median": percentile(50, sorted(counts["days"])),
        }

    def excluded(self, totals: Values) -> list[Excluded]:
        return excluded(totals, undecided="ended-without-decision")


def _reserved(question: Question) -> Any:
    """Each decision that was reserved: when, by which activity, and when that ended."""
    return _stored(question) if question.is_now else _known(question)


def _stored(question: Question) -> Any:
    """From the rows that triggers keep (migration 0034), without those that ended long before."""
    reserved_on, ended_on = (
        question.day(col(each)) for each in (Decision.reserved_on, Decision.ended_on)
    )
    first = question.period.first.replace(day=1)  # what the caller may not see ends with its month
    deleted = exists().where(col(Case.id) == Decision.case_id, was_deleted(None))
    statement: Statement = (
        select(
            col(Decision.activity_id).label("id"),
            col(Decision.case_id),
            col(Decision.court_id),
            col(Decision.case_type_id),
            reserved_on.label("reserved_on"),
            case((ended_on <= end(question), ended_on)).label("ended_on"),
            func.coalesce(_is_decision(Outcome), False).label("decided"),
        )
        .outerjoin(Outcome, col(Outcome.id) == Decision.outcome_id)
        .where(
            reserved_on <= end(question),
            or_(col(Decision.ended_on).is_(None), col(Decision.ended_on) >= first),
            not_(deleted.correlate_except(Case)),
        )
    )
    if question.hides_sealed:  # which the days then depend on
        statement = statement.join(Case, col(Case.id) == Decision.case_id)
    return statement.subquery("reserved")


def _known(question: Question) -> Any:
    """The same from the activities as they were known at the moment."""
    steps = _steps(question)
    in_order = (steps.c.activity_on, steps.c.seq, steps.c.id)
    reserves, last = steps.c.reserves, ~steps.c.reserves
    first_id = func.array_agg(aggregate_order_by(steps.c.id, *in_order)).filter(reserves)
    return (
        select(
            steps.c.case_id,
            steps.c.court_id,
            steps.c.case_type_id,
            func.min(steps.c.on).filter(reserves).label("reserved_on"),
            first_id[1].label("id"),
            func.max(steps.c.on).filter(last).label("ended_on"),
            func.coalesce(func.bool_or(steps.c.decides), False).label("decided"),
        )
        .group_by(steps.c.case_id, steps.c.court_id, steps.c.case_type_id, steps.c.turn)
        .having(func.bool_or(reserves))
        .subquery("reserved")
    )


def _steps(question: Question) -> Any:
    """Activities that reserve or end; each turn lasts until one that ends."""
    ends, before = has_effect(question, *ENDS), (None, -1)
    in_order = (col(Activity.activity_on), col(Activity.seq), col(Activity.id))
    turn = (
        func.count()
        .filter(ends)
        .over(partition_by=col(Activity.case_id), order_by=in_order, rows=before)
    )
    return (
        activities(question)
        .add_columns(
            col(Activity.id).label("id"),
            *belonging(question),
            col(Activity.activity_on).label("activity_on"),
            col(Activity.seq).label("seq"),
            recorded_on(question).label("on"),
            has_effect(question, Effect.RESERVE).label("reserves"),
            _decides(question).label("decides"),
            turn.label("turn"),
        )
        .where(with_effect(question, Effect.RESERVE, *ENDS))
        .subquery("steps")
    )


def _decides(question: Question) -> ColumnElement[bool]:
    return and_(has_effect(question, *ENDS), _is_decision(question.table(Outcome)))


def _is_decision(outcome: Any) -> ColumnElement[bool]:
    """Whether what ended with this outcome was decided, and not withdrawn or transferred."""
    on_merits = and_(outcome.effect == Effect.DISPOSE, outcome.on_merits.is_not(False))
    return or_(outcome.effect == Effect.DELIVER, on_merits)
