"""What was recorded in court, as known at the question's moment: the live activities of then."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, null, or_, select, true
from sqlmodel import col

from core_service.cases.models import Case
from core_service.ledger.models import LEAD_POSITION, CaseActivity
from core_service.metrics.conditions import Question, Source, Statement
from core_service.metrics.figures import Dimension
from core_service.metrics.known import seats_then, was_voided
from core_service.metrics.lives import end
from core_service.reference.models import ActivityType, Effect, Outcome

Activity = CaseActivity


def of_any_judge(question: Question) -> Question:
    """The question without its judge, for what is attributed to judges only afterwards."""
    selection = replace(question.selection, judge_id=None)
    return replace(question, query=replace(question.query.whole(), selection=selection))


def activities(question: Question) -> Statement:
    """The activities until the end, with type and outcome, by any judge. Selects nothing yet."""
    of_all = of_any_judge(question)
    activity_type, outcome = question.table(ActivityType), question.table(Outcome)
    every: Statement = (
        select()
        .select_from(Activity)
        .join(Case, col(Case.id) == Activity.case_id)
        .join(activity_type, activity_type.id == Activity.activity_type_id)
        .outerjoin(outcome, outcome.id == Activity.outcome_id)
    )
    return of_all.limited(every, of_all.cases()).where(
        is_live(question),
        question.not_deleted,
        recorded_on(question) <= end(question),
    )


def is_live(question: Question) -> ColumnElement[bool]:
    """That an activity was recorded by the moment and not voided then."""
    return and_(
        question.known(col(Activity.created_at), null()),
        not_(question.as_known(was_voided)),
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
    outcome = question.table(Outcome)
    limits = outcome.limited_to
    category_id = question.keys(Dimension.CATEGORY)
    applies = or_(func.cardinality(limits) == 0, category_id == func.any(limits))
    return func.coalesce(and_(outcome.effect.in_(effects), applies), False)


def with_effect(question: Question, *effects: Effect) -> ColumnElement[bool]:
    """The same for WHERE: by the first part, which no case is needed for, most rows are left out
    before they are joined with their cases.
    """
    effect = question.table(Outcome).effect
    return and_(effect.in_(effects), has_effect(question, *effects))


def by_lead(question: Question, rows: Any, activity_id: Any) -> Statement:
    """Rows with the IDs of case, court and case type, attributed to the judge who led the bench."""
    return _by_bench(question, rows, activity_id, led=True)


def by_members(question: Question, rows: Any, activity_id: Any) -> Statement:
    """The same attributed to each judge of the bench: one row for each of them."""
    return _by_bench(question, rows, activity_id, led=False)


def _by_bench(question: Question, rows: Any, activity_id: Any, *, led: bool) -> Statement:
    seats = seats_then(question.moment.known_at)
    wanted = seats.position == LEAD_POSITION if led else true()
    statement: Statement = select().select_from(rows)
    benches = statement.outerjoin(seats, and_(seats.activity_id == activity_id, wanted))
    return attributed(question, benches, rows, seats.judge_id)


def attributed(
    question: Question, statement: Statement, rows: Any, judge_id: Any = None
) -> Statement:
    """Rows of a statement, attributed to this judge or else to the one who leads the case; joins
    `Case` where it takes that.
    """
    by_case = judge_id is None and question.asks_for_judges
    with_cases = by_case or question.hides_sealed or not question.is_now
    if with_cases:
        statement = statement.join(Case, col(Case.id) == rows.c.case_id)
    if judge_id is None:
        judge_id = question.lead_id if with_cases else null()
    source = Source(rows.c.court_id, rows.c.case_type_id, judge_id)
    return question.limited(statement, source, of_cases=with_cases)
