"""Time standards and case weights: dated rows, of which one is in force for a case on a day."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import col

from core_service.metrics.figures import Dimension
from core_service.metrics.repository import Question
from core_service.reference.models import CaseWeight, TimeMeasure, TimeStandard


def standard_days(question: Question, on: Any, measure: TimeMeasure) -> ColumnElement[int]:
    """Within how many days a case is to be finished by the standard in force; NULL without one.

    The statement around it is `limited`. Of several shares of an edition the
    largest counts: within its days all, or nearly all, are to be finished.
    """
    standard = (
        select(col(TimeStandard.days))
        .where(col(TimeStandard.measure) == measure, *_in_force(question, TimeStandard, on))
        .order_by(*_first(TimeStandard), col(TimeStandard.percent).desc(), col(TimeStandard.id))
        .limit(1)
    )
    return standard.correlate_except(TimeStandard).scalar_subquery()


def weight(question: Question, column: Any, on: Any) -> ColumnElement[int]:
    """A column of the case weight in force; NULL without one."""
    found = (
        select(column)
        .where(*_in_force(question, CaseWeight, on))
        .order_by(*_first(CaseWeight), col(CaseWeight.id))
        .limit(1)
    )
    weighing: ColumnElement[int] = found.correlate_except(CaseWeight).scalar_subquery()
    return weighing


def _in_force(
    question: Question, model: type[TimeStandard | CaseWeight], on: Any
) -> Sequence[ColumnElement[bool]]:
    """That a row is about the case's category and kind of court, on the day."""
    (court_type,) = question.keys(Dimension.COURT_TYPE)
    (category_id,) = question.keys(Dimension.CATEGORY)
    about_all = col(model.category_id).is_(None)
    of_category = col(model.category_id) == category_id
    if model is TimeStandard:
        # A class that is mapped to no category measures nothing, but for reserved decisions,
        # which are alike in all.
        reserved = col(TimeStandard.measure) == TimeMeasure.RESERVED_TO_DELIVERED
        of_category = or_(of_category, and_(about_all, reserved))
    return (
        col(model.is_active).is_(True),
        of_category,
        or_(col(model.court_type).is_(None), col(model.court_type) == court_type),
        or_(col(model.valid_from).is_(None), col(model.valid_from) <= on),
        or_(col(model.valid_to).is_(None), col(model.valid_to) > on),
    )


def _first(model: type[TimeStandard | CaseWeight]) -> Sequence[ColumnElement[Any]]:
    """The lowest rank; in it the row about the kind of court and the category; then the newest."""
    return (
        col(model.rank).asc(),
        col(model.court_type).is_(None),
        col(model.category_id).is_(None),
        col(model.valid_from).desc().nulls_last(),
    )
