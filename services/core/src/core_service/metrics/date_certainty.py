"""Date certainty (CourTools 5): whether hearings take place on the days they were set for.

Settings follow from the activities as they were known then, not from the hearings' table, which
holds only what is known now; of that table only plans that a user entered are read.
"""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.cases.models import Case
from core_service.hearings.derivation import CLOSINGS
from core_service.hearings.models import Hearing
from core_service.ledger.models import CaseStatusEvent as Event
from core_service.metrics.counting import CountedFigure, Rows
from core_service.metrics.events import counted_events, counted_on
from core_service.metrics.frame import RatioRead, Values, ratio
from core_service.metrics.known import HEARING_THEN, is_of
from core_service.metrics.lives import RESOLVED, end
from core_service.metrics.recorded import Activity, activities, belonging, has_effect, of_any_judge
from core_service.metrics.repository import Question, Source, Statement
from core_service.reference.models import ActivityType, Effect

CERTAIN: Final = 2


class DateCertaintyColumn(StrEnum):
    """Which cases, and which days in court."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    PROCEEDED = "proceeded"
    SCHEDULED = "scheduled"


class DateCertaintyValues(ResponseModel):
    """Of cases disposed of after a hearing, those that were heard on the first or second setting;
    and of the days in court that were set, those on which the case went on.

    `column=numerator` and `denominator` list the cases, `proceeded` and `scheduled` the days.
    """

    certain: RatioRead
    held: RatioRead


class DateCertainty(CountedFigure):
    """Heard on the first or second setting."""

    name = "date-certainty"
    title = "certainty of hearing dates"
    text = (
        "Of the cases disposed of in the period that had been heard, the part in which no hearing "
        "needed more than two settings (CourTools 5, which counts how often a case is set for "
        "trial); and of the days in court of the period that were set and not vacated, the part on "
        "which the case went on. A setting is each day for which a matter is set, or on which it "
        "comes up, since it was last heard; an adjournment is none heard. A hearing set for 3 "
        "March, adjourned to 10 March and to 17 March and heard then took three settings: its "
        "case is not certain, and one of its three days was held."
    )
    values = DateCertaintyValues
    columns = DateCertaintyColumn

    def rows(self, question: Question) -> Rows:
        found = union_all(_disposed(question), _scheduled(question)).subquery("certainty")
        statement: Statement = (
            select().select_from(found).join(Case, col(Case.id) == found.c.case_id)
        )
        source = Source(found.c.court_id, found.c.case_type_id, question.lead_id)
        return Rows(
            question.limited(statement, source),
            found.c.on,
            found.c.id,
            found.c.case_id,
            {
                DateCertaintyColumn.NUMERATOR: and_(found.c.is_case, found.c.good),
                DateCertaintyColumn.DENOMINATOR: found.c.is_case,
                DateCertaintyColumn.PROCEEDED: and_(~found.c.is_case, found.c.good),
                DateCertaintyColumn.SCHEDULED: ~found.c.is_case,
            },
        )

    def line(self, counts: Values, question: Question) -> Values:
        return {
            "certain": ratio(counts["numerator"], counts["denominator"]),
            "held": ratio(counts["proceeded"], counts["scheduled"]),
        }


def _disposed(question: Question) -> Statement:
    """Disposals of the period after a hearing; good are those that needed no third setting."""
    on, period, settings = counted_on(question), question.period, _settings(question)
    heard = and_(
        settings.c.case_id == Event.case_id,
        settings.c.heard,
        settings.c.on <= col(Event.effective_on),
    )
    return (
        counted_events(question)
        .join(settings, heard)
        .add_columns(
            col(Event.id).label("id"),
            col(Event.case_id).label("case_id"),
            col(Event.court_id).label("court_id"),
            col(Event.case_type_id).label("case_type_id"),
            on.label("on"),
            true().label("is_case"),
            (func.max(settings.c.setting_no) <= CERTAIN).label("good"),
        )
        .where(col(Event.kind).in_(RESOLVED), on.between(period.first, period.last))
        .group_by(col(Event.id), col(Case.id))
    )


def _scheduled(question: Question) -> Statement:
    """The days of the period that were set; good are those on which the case was heard."""
    settings, period = _settings(question), question.period
    on = question.day(settings.c.on)
    statement: Statement = (
        select(
            settings.c.case_id.label("id"),
            settings.c.case_id.label("case_id"),
            settings.c.court_id.label("court_id"),
            settings.c.case_type_id.label("case_type_id"),
            on.label("on"),
            false().label("is_case"),
            settings.c.heard.label("good"),
        )
        .select_from(settings)
        .join(Case, col(Case.id) == settings.c.case_id)
    )
    return statement.where(
        settings.c.scheduled, on.between(period.first, period.last), on <= end(question)
    )


def _settings(question: Question) -> Any:
    """Each day for which a case was set or on which it came up, with the number of its setting."""
    days = _days(question)
    by_case = {"partition_by": days.c.case_id, "order_by": days.c.on}
    turns = select(
        days, func.count().filter(days.c.heard).over(**by_case, rows=(None, -1)).label("turn")
    ).subquery("turns")
    number = func.row_number().over(
        partition_by=(turns.c.case_id, turns.c.turn), order_by=turns.c.on
    )
    return select(turns, number.label("setting_no")).subquery("settings")


def _days(question: Question) -> Any:
    """The days of each case in court: whether it was heard, and whether the day was set."""
    parts = union_all(_held(question), _set(question), _entered(question)).subquery("parts")
    came_up = func.bool_or(parts.c.heard.is_not(None))
    last_plan = func.array_agg(
        aggregate_order_by(parts.c.is_valid, parts.c.set_on.desc(), parts.c.seq.desc())
    ).filter(parts.c.is_valid.is_not(None))
    planned = func.bool_or(parts.c.is_valid.is_not(None))
    return (
        select(
            parts.c.case_id,
            parts.c.court_id,
            parts.c.case_type_id,
            parts.c.on,
            func.coalesce(func.bool_or(parts.c.heard), False).label("heard"),
            func.coalesce(and_(planned, or_(came_up, last_plan[1])), False).label("scheduled"),
        )
        .group_by(parts.c.case_id, parts.c.court_id, parts.c.case_type_id, parts.c.on)
        .subquery("days")
    )


def _part(question: Question, case_id: Any, on: Any, **columns: Any) -> list[Any]:
    """The columns of a part: `heard` of days that came up, `is_valid` of plans."""
    whole = {"heard": null(), "is_valid": null(), "set_on": on, "seq": literal(0), **columns}
    source = of_any_judge(question).cases()
    of_case = {
        "case_id": case_id,
        "court_id": source.court_id,
        "case_type_id": source.case_type_id,
    }
    return [column.label(name) for name, column in {**of_case, "on": on, **whole}.items()]


def _held(question: Question) -> Statement:
    heard = ~has_effect(question, Effect.ADJOURN)
    part = _part(question, col(Activity.case_id), col(Activity.activity_on), heard=heard)
    return (
        activities(question)
        .add_columns(*part)
        .where(question.table(ActivityType).counts_as_hearing.is_(True))
    )


def _set(question: Question) -> Statement:
    """Days that an activity set. One is valid until, before it comes, the next activity that names
    a date names another, or the case is closed.
    """
    closes = exists().where(
        col(Event.activity_id) == Activity.id,
        col(Event.kind).in_(CLOSINGS),
        question.known(col(Event.recorded_at), col(Event.retracted_at)),
    )
    following: dict[str, Any] = {
        "partition_by": col(Activity.case_id),
        "order_by": (col(Activity.activity_on), col(Activity.seq), col(Activity.id)),
    }
    steps = (
        activities(question)
        .add_columns(
            *belonging(question),
            col(Activity.activity_on).label("set_on"),
            col(Activity.seq).label("seq"),
            col(Activity.next_on).label("on"),
            closes.label("closes"),
            func.lead(col(Activity.activity_on)).over(**following).label("then_on"),
            func.lead(col(Activity.next_on)).over(**following).label("then_next"),
            func.lead(case((closes, True), else_=False)).over(**following).label("then_closes"),
        )
        .where(or_(col(Activity.next_on).is_not(None), closes))
        .subquery("steps")
    )
    moved = and_(
        steps.c.then_on < steps.c.on,
        or_(steps.c.then_closes, steps.c.then_next != steps.c.on),
    )
    return select(
        steps.c.case_id,
        steps.c.court_id,
        steps.c.case_type_id,
        steps.c.on,
        null().label("heard"),
        and_(~steps.c.closes, ~func.coalesce(moved, False)).label("is_valid"),
        steps.c.set_on,
        steps.c.seq,
    ).where(steps.c.on > steps.c.set_on)


def _entered(question: Question) -> Statement:
    """Days that a user entered, as known."""
    of_all, then = of_any_judge(question), HEARING_THEN
    known = question.known(then.recorded_at, then.retracted_at)
    plans: Statement = (
        select()
        .select_from(Hearing)
        .join(Case, col(Case.id) == Hearing.case_id)
        .outerjoin(then, and_(is_of(then, Hearing, Hearing.id), known))
    )
    is_manual, is_vacated = (
        func.coalesce(cast(then.was[name].astext, Boolean), getattr(Hearing, name))
        for name in ("is_manual", "is_vacated")
    )
    part = _part(question, col(Hearing.case_id), col(Hearing.hearing_on), is_valid=~is_vacated)
    return (
        of_all.limited(plans, of_all.cases())
        .add_columns(*part)
        .where(is_manual, question.known(col(Hearing.created_at), null()), question.not_deleted)
    )
