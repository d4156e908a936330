"""Custody: how many accused persons are held while their cases are pending, and for how long."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    select,
    true,
)
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.cases.models import Case
from core_service.ledger.models import CaseActivity as Activity
from core_service.metrics.conditions import Question
from core_service.metrics.counting import CountedFigure, Rows
from core_service.metrics.figures import Dimension
from core_service.metrics.frame import Values, percentile
from core_service.metrics.known import CASE_THEN, is_of
from core_service.metrics.lives import Lives, lives
from core_service.metrics.recorded import is_live
from core_service.reference.models import CaseCategory, CaseNature


class CustodyColumn(StrEnum):
    """Which pending cases."""

    CASES = "cases"
    CRIMINAL = "criminal_pending"


class CustodyValues(ResponseModel):
    """Accused in custody, the cases that they are in, and the days that these are pending.

    The link lists `column=cases`: those with an accused in custody. `criminal_pending` lists all.
    """

    accused: int
    cases: int
    criminal_pending: int
    median_days: int | None = Field(description="null without cases")
    longest_days: int | None


class Custody(CountedFigure):
    """Accused in custody in pending criminal cases."""

    name = "custody"
    title = "accused persons in custody"
    text = (
        "The accused in custody in criminal cases pending at the period's end, inactive ones "
        "included; the cases, and the days since these were filed (median and longest). How many "
        "are in custody is what the last activity by then says, or if none does, the registration. "
        "Two cases, of 2 accused held 100 days and of 1 held 40: 3 accused, median 40, longest 100."
    )
    values = CustodyValues
    columns = CustodyColumn

    def rows(self, question: Question) -> Rows:
        found = _with_registered(question, lives(question))
        # With an offset, it is a row apart and looked up once, however often it is read.
        once = select(_held(question, found).label("held")).offset(literal_column("0"))
        custody = once.correlate_except().lateral("custody")
        held = custody.c.held
        category_id = question.keys(Dimension.CATEGORY)
        category, in_custody = question.table(CaseCategory), held > 0
        return Rows(
            found.statement.join(category, category.id == category_id)
            .join(custody, true())
            .where(found.pending, category.nature == CaseNature.CRIMINAL),
            found.columns.began_on,
            found.columns.case_id,
            found.columns.case_id,
            {CustodyColumn.CASES: in_custody, CustodyColumn.CRIMINAL: found.pending},
            {
                "accused": cast(func.coalesce(func.sum(held), 0), Integer),
            },
            {"days": (found.age, in_custody)},
        )

    def line(self, counts: Values, question: Question) -> Values:
        days = sorted(counts["days"])
        shown = {name: counts[name] for name in ("accused", "cases", "criminal_pending")}
        return {
            **shown,
            "median_days": percentile(50, days),
            "longest_days": days[-1] if days else None,
        }


def _with_registered(question: Question, found: Lives) -> Lives:
    """Joined with `Case`; as known now, with those alone that were registered with custody."""
    if question.reads_cases:
        return found
    registered = and_(col(Case.id) == found.columns.case_id, col(Case.custody_count) > 0)
    return replace(found, statement=found.statement.outerjoin(Case, registered))


def _held(question: Question, found: Lives) -> ColumnElement[Any]:
    """How many accused are in custody by the end, as known."""
    of_case = (col(Activity.case_id) == found.columns.case_id, col(Activity.custody_count) >= 0)
    last = (
        select(col(Activity.custody_count))
        .where(*of_case, is_live(question), question.day(col(Activity.activity_on)) <= found.until)
        .order_by(
            col(Activity.activity_on).desc(), col(Activity.seq).desc(), col(Activity.id).desc()
        )
        .limit(1)
        .correlate_except(Activity)
        .scalar_subquery()
    )
    # Without any, not even a voided one, the case has what it was registered with.
    recorded = question.known(col(Activity.created_at), null())
    stated = exists().where(*of_case, recorded).correlate_except(Activity)
    return func.coalesce(last, case((stated, 0), else_=_registered(question)), 0)


def _registered(question: Question) -> ColumnElement[Any]:
    """How many the case itself says, as known."""
    now: ColumnElement[Any] = cast(Case.custody_count, Integer)
    if question.is_now:
        return now
    then = select(cast(CASE_THEN.was["custody_count"].astext, Integer)).where(
        is_of(CASE_THEN, Case, Case.id),
        question.known(CASE_THEN.recorded_at, CASE_THEN.retracted_at),
    )
    registered: ColumnElement[Any] = func.coalesce(then.correlate(Case).scalar_subquery(), now)
    return registered
