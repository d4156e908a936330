"""Quality of the returns: which part of the rows that courts sent was without a fault."""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Date, and_, cast, func, null, or_, select
from sqlmodel import col

from common.errors import FieldError, ValidationFailed
from common.schemas import ResponseModel
from core_service.access.courts import within
from core_service.cases.models import Case
from core_service.metrics.counting import CountedFigure, Rows
from core_service.metrics.figures import Dimension
from core_service.metrics.frame import RatioRead, Values, ratio
from core_service.metrics.repository import SOURCE, Question, Source, Statement
from core_service.returns.compliance_repository import has_fault
from core_service.returns.models import ImportBatch, ImportRow, RowResult

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
    is_dated = False

    def rows(self, question: Question) -> Rows:
        _require_courts(question)
        recorded = col(ImportRow.result).in_((RowResult.NEW, RowResult.CORRECTION))
        is_there = and_(recorded, col(ImportRow.activity_id).is_not(None))
        return Rows(
            _received(question),
            _received_on(question),
            col(ImportRow.activity_id),
            col(ImportRow.case_id),
            {
                QualityColumn.RECORDED: is_there,
                QualityColumn.RECORDED_WITH_FAULTS: and_(is_there, has_fault()),
            },
            {"rows": func.count(), "faultless": func.count().filter(~has_fault())},
        )

    def line(self, counts: Values, question: Question) -> Values:
        shown = {each.value: counts[each.value] for each in QualityColumn}
        return {**shown, "faultless": ratio(counts["faultless"], counts["rows"])}


def _received(question: Question) -> Statement:
    """The rows of the period, those of deleted cases left out."""
    selection, period = question.selection, question.period
    on = _received_on(question)
    statement: Statement = (
        select()
        .select_from(ImportRow)
        .join(ImportBatch, col(ImportBatch.id) == ImportRow.batch_id)
        .outerjoin(Case, col(Case.id) == ImportRow.case_id)
    )
    if selection.court_id is not None:
        statement = statement.where(col(ImportRow.court_id) == selection.court_id)
    received = statement.where(
        # A row that names no known court belongs to none.
        col(ImportRow.court_id).is_not(None),
        within(ImportRow.court_id, question.seen.courts),
        col(ImportRow.result) != RowResult.EMPTY,
        question.known(col(ImportBatch.created_at), null()),
        or_(col(Case.id).is_(None), question.not_deleted),
        on.between(period.first, period.last),
        on <= question.moment.as_of,
    )
    source = Source(col(ImportRow.court_id), None, None)
    return received.execution_options(**{SOURCE: source})


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
