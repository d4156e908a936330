"""Time standards and case weights: dated rows, of which one is in force for a case on a day."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from core_service.metrics.figures import Dimension
from core_service.metrics.repository import Question
from core_service.reference.models import CaseWeight, TimeMeasure, TimeStandard


def standard_days(question: Question, on: Any, measure: TimeMeasure) -> ColumnElement[int]:
    """Within how many days a case is to be finished by the standard in force; NULL without one.

    The statement around it is `limited`. Of several shares of an edition the
    largest counts: within its days all, or nearly all, are to be finished.
    """
    rows = question.table(TimeStandard)
    standard = (
        select(rows.days)
        .where(rows.measure == measure, *_in_force(question, TimeStandard, on))
        .order_by(*_first(rows), rows.percent.desc(), rows.id)
        .limit(1)
    )
    return standard.correlate_except(rows).scalar_subquery()


def weight(question: Question, column: str, on: Any) -> ColumnElement[int]:
    """A column of the case weight in force; NULL without one."""
    rows = question.table(CaseWeight)
    found = (
        select(getattr(rows, column))
        .where(*_in_force(question, CaseWeight, on))
        .order_by(*_first(rows), rows.id)
        .limit(1)
    )
    weighing: ColumnElement[int] = found.correlate_except(rows).scalar_subquery()
    return weighing


def _in_force(
    question: Question, model: type[TimeStandard | CaseWeight], on: Any
) -> Sequence[ColumnElement[bool]]:
    """That a row is about the case's category and kind of court, on the day."""
    rows, known_at = question.table(model), question.moment.known_at
    (court_type,) = question.keys(Dimension.COURT_TYPE)
    (category_id,) = question.keys(Dimension.CATEGORY)
    of_category = rows.category_id == category_id
    if model is TimeStandard:
        # A class that is mapped to no category measures nothing, but for reserved decisions,
        # which are alike in all.
        reserved = rows.measure == TimeMeasure.RESERVED_TO_DELIVERED
        of_category = or_(of_category, and_(rows.category_id.is_(None), reserved))
    return (
        true() if known_at is None else rows.created_at <= known_at,
        rows.is_active.is_(True),
        of_category,
        or_(rows.court_type.is_(None), rows.court_type == court_type),
        or_(rows.valid_from.is_(None), rows.valid_from <= on),
        or_(rows.valid_to.is_(None), rows.valid_to > on),
    )


def _first(rows: Any) -> Sequence[ColumnElement[Any]]:
    """The lowest rank; in it the row about the kind of court and the category; then the newest."""
    return (
        rows.rank.asc(),
        rows.court_type.is_(None),
        rows.category_id.is_(None),
        rows.valid_from.desc().nulls_last(),
    )
