"""Time standards and case weights: dated rows, of which one is in force for a case on a day.

Which one depends on the case's category and kind of court and on the stretch of days between two
changes of the rows: there are few of these, so each is looked up once and not for each case.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    union,
)

from core_service.access.courts import within
from core_service.metrics.conditions import Question, Statement
from core_service.metrics.cover import BEGINNING, END
from core_service.metrics.figures import Dimension
from core_service.reference.measures import CaseWeight, TimeMeasure, TimeStandard
from core_service.reference.models import CaseType, Court


def with_standard(
    question: Question, statement: Statement, on: Any, measure: TimeMeasure
) -> tuple[Statement, ColumnElement[int]]:
    """A `limited` statement, and within how many days its rows are to be finished by the standard
    in force; NULL without one.

    Of several shares of an edition the largest counts: within its days all, or nearly all, are to
    be finished.
    """
    rows, each = question.table(TimeStandard), _every_case(question, TimeStandard)
    standard = (
        select(rows.days)
        .where(rows.measure == measure, *_in_force(question, TimeStandard, each.c))
        .order_by(*_first(rows), rows.percent.desc(), rows.id)
    )
    joined, found = _joined(question, statement, on, _looked_up(each, standard, rows))
    return joined, found.days


def with_weight(question: Question, statement: Statement, on: Any) -> tuple[Statement, Any]:
    """A `limited` statement, and the `minutes` and `judge_year_minutes` of the case weight in force
    for its rows; NULL without one.
    """
    rows, each = question.table(CaseWeight), _every_case(question, CaseWeight)
    weight = (
        select(rows.minutes, rows.judge_year_minutes)
        .where(*_in_force(question, CaseWeight, each.c))
        .order_by(*_first(rows), rows.id)
    )
    return _joined(question, statement, on, _looked_up(each, weight, rows))


def _every_case(question: Question, model: type[TimeStandard | CaseWeight]) -> Any:
    """Each category, kind of court and stretch of days on which the same rows are in force."""
    rows, courts = question.table(model), question.table(Court)
    bounds = union(
        select(literal(BEGINNING, Date).label("first")),
        select(rows.valid_from).where(rows.valid_from.is_not(None)),
        select(rows.valid_to).where(rows.valid_to.is_not(None)),
    ).subquery("bounds")
    until = func.lead(bounds.c.first, 1, END).over(order_by=bounds.c.first)
    stretches = select(bounds.c.first, until.label("until")).subquery("stretches")
    kinds = select(courts.court_type).where(within(courts.id, question.courts)).distinct()
    categories = select(question.table(CaseType).category_id).distinct()
    parts = (stretches, kinds.subquery("kinds"), categories.subquery("categories"))
    first, second, third = parts
    return (
        select(first, second, third)
        .select_from(first.join(second, true()).join(third, true()))
        .subquery("each")
    )


def _looked_up(each: Any, every: Statement, rows: Any) -> Any:
    """With the first of these rows, without a name: a statement may look up two moments."""
    found = every.limit(1).correlate_except(rows).lateral()
    looked_up = select(each, found).select_from(each.join(found, true()))
    return looked_up.cte().prefix_with("MATERIALIZED")


def _joined(question: Question, statement: Statement, on: Any, found: Any) -> tuple[Statement, Any]:
    its_case = and_(
        found.c.court_type == question.keys(Dimension.COURT_TYPE),
        found.c.category_id == question.keys(Dimension.CATEGORY),
        on >= found.c.first,
        on < found.c.until,
    )
    return statement.outerjoin(found, its_case), found.c


def _in_force(
    question: Question, model: type[TimeStandard | CaseWeight], each: Any
) -> Sequence[ColumnElement[bool]]:
    """That a row is about the category and the kind of court, in the stretch of days."""
    rows, known_at = question.table(model), question.moment.known_at
    of_category = rows.category_id == each.category_id
    if model is TimeStandard:
        # A class that is mapped to no category measures nothing, but for reserved decisions,
        # which are alike in all.
        reserved = rows.measure == TimeMeasure.RESERVED_TO_DELIVERED
        of_category = or_(of_category, and_(rows.category_id.is_(None), reserved))
    return (
        true() if known_at is None else rows.created_at <= known_at,
        rows.is_active.is_(True),
        of_category,
        or_(rows.court_type.is_(None), rows.court_type == each.court_type),
        or_(rows.valid_from.is_(None), rows.valid_from <= each.first),
        or_(rows.valid_to.is_(None), rows.valid_to > each.first),
    )


def _first(rows: Any) -> Sequence[ColumnElement[Any]]:
    """The lowest rank; in it the row about the kind of court and the category; then the newest."""
    return (
        rows.rank.asc(),
        rows.court_type.is_(None),
        rows.category_id.is_(None),
        rows.valid_from.desc().nulls_last(),
    )
