"""What was recorded in court, as known at the question's moment: the live activities of then."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import col

from core_service.cases.models import Case
from core_service.ledger.models import LEAD_POSITION, ActivityJudge, CaseActivity
from core_service.metrics.figures import Dimension
from core_service.metrics.lives import end
from core_service.metrics.repository import Question, Source, Statement
from core_service.reference.models import ActivityType, Effect, Outcome

Activity = CaseActivity


def of_any_judge(question: Question) -> Question:
    """The question without its judge, for what is attributed to judges only afterwards."""
    selection = replace(question.selection, judge_id=None)
    return Question(replace(question.query.whole(), selection=selection), question.seen)


def activities(question: Question) -> Statement:
    """The activities until the end, with type and outcome, by any judge. Selects nothing yet."""
    of_all = of_any_judge(question)
    every: Statement = (
        select()
        .select_from(Activity)
        .join(Case, col(Case.id) == Activity.case_id)
        .join(ActivityType, col(ActivityType.id) == Activity.activity_type_id)
        .outerjoin(Outcome, col(Outcome.id) == Activity.outcome_id)
    )
    return of_all.limited(every, of_all.cases()).where(
        question.known(col(Activity.created_at), col(Activity.voided_at)),
        question.not_deleted,
        recorded_on(question) <= end(question),
    )


def belonging(question: Question) -> tuple[Any, ...]:
    """The columns by which activities are grouped later."""
    source = of_any_judge(question).cases()
    return (
        col(Activity.case_id).label("case_id"),
        source.court_id.label("court_id"),
        source.case_type_id.label("case_type_id"),
    )


def recorded_on(question: Question) -> ColumnElement[Any]:
    """The day that an activity counts on."""
    return question.day(col(Activity.activity_on))


def has_effect(question: Question, *effects: Effect) -> ColumnElement[bool]:
    """That the outcome has one of these effects on a case of this category."""
    limits = col(Outcome.limited_to)
    (category_id,) = question.keys(Dimension.CATEGORY)
    applies = or_(func.cardinality(limits) == 0, category_id == func.any(limits))
    return func.coalesce(and_(col(Outcome.effect).in_(effects), applies), False)


def by_lead(question: Question, rows: Any, activity_id: Any) -> Statement:
    """Rows with the IDs of case, court and case type, attributed to the judge who led the bench."""
    return _by_bench(question, rows, activity_id, col(ActivityJudge.position) == LEAD_POSITION)


def by_members(question: Question, rows: Any, activity_id: Any) -> Statement:
    """The same attributed to each judge of the bench: one row for each of them."""
    return _by_bench(question, rows, activity_id, col(ActivityJudge.position) >= LEAD_POSITION)


def _by_bench(
    question: Question, rows: Any, activity_id: Any, seats: ColumnElement[bool]
) -> Statement:
    statement: Statement = (
        select()
        .select_from(rows)
        .join(Case, col(Case.id) == rows.c.case_id)
        .outerjoin(ActivityJudge, and_(col(ActivityJudge.activity_id) == activity_id, seats))
    )
    source = Source(rows.c.court_id, rows.c.case_type_id, col(ActivityJudge.judge_id))
    return question.limited(statement, source)
