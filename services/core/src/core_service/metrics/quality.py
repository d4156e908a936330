"""Quality of the returns: which part of the rows that courts sent was without a fault."""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, and_, case, cast, false, func, null, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from common.errors import FieldError, ValidationFailed
from common.schemas import ResponseModel
from core_service.access.courts import within
from core_service.cases.models import Case
from core_service.ledger.models import CaseActivity
from core_service.metrics.conditions import SOURCE, Question, Source, Statement
from core_service.metrics.counting import CountedFigure, Rows
from core_service.metrics.figures import Dimension
from core_service.metrics.frame import RatioRead, Values, ratio
from core_service.returns.compliance_repository import has_fault
from core_service.returns.models import ImportBatch, ImportRow, RowBefore, RowResult

# What a row was at the moment, where it is something else now.
ROW_THEN: Final[Any] = aliased(RowBefore, name="row_then")
OF_COURTS: Final = frozenset({Dimension.COURT})


class QualityColumn(StrEnum):
    """Which rows; only those that were recorded have a case."""

    RECORDED = "recorded"
    RECORDED_WITH_FAULTS = "recorded_with_faults"


class QualityValues(ResponseModel):
    """Rows without a rejection, a wait or a warning in percent of the rows that were sent.

    The link lists `column=recorded`: the cases of rows that added or corrected an activity;
    `recorded_with_faults` lists those of them with a warning or an earlier wait.
    """

    faultless: RatioRead
    recorded: int
    recorded_with_faults: int


class Quality(CountedFigure):
    """Faultless rows by rows."""

    name = "quality"
    title = "quality of the returns"
    text = (
        "Of the rows of daily returns that came in the period, the part without a fault: a "
        "rejection, a wait or a warning. It is the `quality` of `/returns/compliance`, 100 times. "
        "Rows count for the court that they name, by court and time alone: a row that "
        "was rejected has no case. 200 rows, of which 10 wait and 20 have a warning, are 85 %."
    )
    values = QualityValues
    columns = QualityColumn
    group_by = (Dimension.COURT,)

    def rows(self, question: Question) -> Rows:
        _require_courts(question)
        recorded = col(ImportRow.result).in_((RowResult.NEW, RowResult.CORRECTION))
        is_there = and_(recorded, _is_there(question))
        faulty = as_it_was(question, ROW_THEN.is_faulty, has_fault())
        return Rows(
            _received(question),
            _received_on(question),
            col(ImportRow.activity_id),
            col(ImportRow.case_id),
            {
                QualityColumn.RECORDED: is_there,
                QualityColumn.RECORDED_WITH_FAULTS: and_(is_there, faulty),
            },
            {"rows": func.count(), "faultless": func.count().filter(~faulty)},
        )

    def line(self, counts: Values, question: Question) -> Values:
        shown = {each.value: counts[each.value] for each in QualityColumn}
        return {**shown, "faultless": ratio(counts["faultless"], counts["rows"])}


def as_it_was(question: Question, then: Any, now: Any) -> Any:
    """A column of a row at the moment."""
    return now if question.is_now else case((ROW_THEN.row_no.is_not(None), then), else_=now)


def _is_there(question: Question) -> ColumnElement[bool]:
    """That a row's activity was recorded by the moment."""
    if question.is_now:
        return col(ImportRow.activity_id).is_not(None)
    return func.coalesce(question.known(col(CaseActivity.created_at), null()), False)


def _received(question: Question) -> Statement:
    """The rows of the period, those of deleted cases left out."""
    period, on = question.period, _received_on(question)
    court_id = as_it_was(question, ROW_THEN.court_id, col(ImportRow.court_id))
    is_blank = as_it_was(question, false(), col(ImportRow.result) == RowResult.EMPTY)
    received = _rows(question).where(
        # A row that names no known court belongs to none.
        court_id.is_not(None),
        within(court_id, question.courts),
        ~is_blank,
        question.known(col(ImportRow.judged_at), null()),
        or_(col(Case.id).is_(None), question.not_deleted),
        on.between(period.first, period.last),
        on <= question.moment.as_of,
    )
    return received.execution_options(**{SOURCE: Source(court_id, None, None)})


def _rows(question: Question) -> Statement:
    """Rows with their cases, and with what they were at the moment."""
    statement: Statement = (
        select()
        .select_from(ImportRow)
        .join(ImportBatch, col(ImportBatch.id) == ImportRow.batch_id)
        .outerjoin(Case, col(Case.id) == ImportRow.case_id)
    )
    if question.is_now:
        return statement
    then = and_(
        ROW_THEN.batch_id == ImportRow.batch_id,
        ROW_THEN.row_no == ImportRow.row_no,
        question.known(ROW_THEN.recorded_at, ROW_THEN.retracted_at),
    )
    recorded = statement.outerjoin(CaseActivity, col(CaseActivity.id) == ImportRow.activity_id)
    return recorded.outerjoin(ROW_THEN, then)


def _received_on(question: Question) -> Any:
    """The courts' day on which the file came."""
    local = func.timezone(str(question.query.zone), col(ImportBatch.created_at))
    return question.day(cast(local, Date))


def _require_courts(question: Question) -> None:
    """Raise ValidationFailed for dimensions that rows do not have."""
    selection = question.selection
    chosen = {
        "court_type": selection.court_type,
        "category": selection.category_id,
        "case_type": selection.case_type_id,
        "judge": selection.judge_id,
    }
    fields = [name for name, value in chosen.items() if value is not None]
    if not OF_COURTS.issuperset(question.group_by):
        fields.append("group_by")
    if fields:
        message = "rows of returns are counted by court and time alone"
        errors = tuple(FieldError(name, "not-counted", message) for name in fields)
        raise ValidationFailed(errors=errors)
