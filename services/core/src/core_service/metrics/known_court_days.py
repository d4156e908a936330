"""The days of each case in court as they were known at a moment.

They follow from the activities as they were known then, not from the hearings' table, which
holds only what is known now; of that table only plans that a user entered are read.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from core_service.access.courts import within
from core_service.cases.models import Case
from core_service.hearings.derivation import CLOSINGS
from core_service.hearings.models import Hearing
from core_service.ledger.models import CaseStatusEvent as Event
from core_service.metrics.conditions import Question, Statement
from core_service.metrics.known import HEARING_THEN, is_of
from core_service.metrics.lives import RESOLVED
from core_service.metrics.recorded import Activity, activities, belonging, has_effect, of_any_judge
from core_service.reference.models import ActivityType, Effect


def whole_months(question: Question) -> tuple[date, date]:
    """The period from its first month on: what the caller may not see counts at its month's end."""
    return question.period.first.replace(day=1), question.period.last


def known_settings(question: Question) -> Any:
    """Each day for which a case was set or on which it came up, with the number of its setting.

    Of cases that count in the period alone.
    """
    days = _days(question)
    by_case = {"partition_by": days.c.case_id, "order_by": days.c.on}
    turns = select(
        days, func.count().filter(days.c.heard).over(**by_case, rows=(None, -1)).label("turn")
    ).subquery("turns")
    number = func.row_number().over(
        partition_by=(turns.c.case_id, turns.c.turn), order_by=turns.c.on
    )
    return select(turns, number.label("setting_no")).cte()


def _counting_in_period(question: Question) -> Statement:
    """Every case that was disposed of or had a day in court in the period, looked for once."""
    first, last = whole_months(question)
    courts = question.courts
    of_courts = and_(col(Case.id) == Activity.case_id, within(Case.court_id, courts))
    days = (col(Activity.activity_on), col(Activity.next_on))
    parts = [
        select(col(Event.case_id)).where(
            col(Event.kind).in_(RESOLVED),
            col(Event.effective_on).between(first, last),
            within(Event.court_id, courts),
        ),
        select(col(Hearing.case_id)).where(
            col(Hearing.hearing_on).between(first, last), within(Hearing.court_id, courts)
        ),
        select(col(Activity.case_id))
        .join(Case, of_courts)
        .where(or_(*(day.between(first, last) for day in days))),
    ]
    return select(union(*parts).cte())


def _days(question: Question) -> Any:
    """The days of each case in court: whether it was heard, and whether the day was set."""
    cases = _counting_in_period(question)
    each = (_held(question, cases), _set(question, cases), _entered(question, cases))
    parts = union_all(*each).subquery("parts")
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


def _held(question: Question, cases: Statement) -> Statement:
    heard = ~has_effect(question, Effect.ADJOURN)
    part = _part(question, col(Activity.case_id), col(Activity.activity_on), heard=heard)
    return (
        activities(question)
        .add_columns(*part)
        .where(
            question.table(ActivityType).counts_as_hearing.is_(True),
            col(Activity.case_id).in_(cases),
        )
    )


def _set(question: Question, cases: Statement) -> Statement:
    """Days that an activity set. One is valid until, before it comes, the next activity that names
    a date names another, or the case is closed.
    """
    closing = _closing(question, cases)
    closes = closing.c.activity_id.is_not(None)
    following: dict[str, Any] = {
        "partition_by": col(Activity.case_id),
        "order_by": (col(Activity.activity_on), col(Activity.seq), col(Activity.id)),
    }
    steps = (
        activities(question)
        .outerjoin(closing, closing.c.activity_id == Activity.id)
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
        .where(
            or_(col(Activity.next_on).is_not(None), closes),
            col(Activity.case_id).in_(cases),
        )
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


def _closing(question: Question, cases: Statement) -> Any:
    """The activities that closed these cases, as a list to join: asked for each activity whether
    it did, the database looks into the events of its case, which takes longer than all the rest.
    """
    return (
        select(col(Event.activity_id))
        .join(Case, col(Case.id) == Event.case_id)
        .where(
            col(Event.activity_id).is_not(None),
            col(Event.kind).in_(CLOSINGS),
            question.known(col(Event.recorded_at), col(Event.retracted_at)),
            col(Event.case_id).in_(cases),
        )
        .distinct()
        .subquery("closing")
    )


def _entered(question: Question, cases: Statement) -> Statement:
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
        .where(
            is_manual,
            question.known(col(Hearing.created_at), null()),
            question.not_deleted,
            col(Hearing.case_id).in_(cases),
        )
    )
