"""Date certainty (CourTools 5): whether hearings take place on the days they were set for."""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    and_,
    false,
    func,
    select,
    true,
    union_all,
)
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.cases.models import Case
from core_service.ledger.models import CaseStatusEvent as Event
from core_service.metrics.conditions import Question, Statement
from core_service.metrics.counting import CountedFigure, Rows
from core_service.metrics.court_days import court_days
from core_service.metrics.events import counted_events, counted_on
from core_service.metrics.frame import RatioRead, Values, ratio
from core_service.metrics.lives import RESOLVED, end
from core_service.metrics.recorded import attributed

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
        days = court_days(question)
        parts = (_disposed(question, days.heard), _scheduled(question, days.scheduled))
        found = union_all(*parts).subquery("certainty")
        return Rows(
            attributed(question, select().select_from(found), found),
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


def _disposed(question: Question, heard: Any) -> Statement:
    """Disposals of the period after a hearing; good are those that needed no third setting."""
    on, period = counted_on(question), question.period
    before = and_(heard.c.case_id == Event.case_id, heard.c.on <= col(Event.effective_on))
    return (
        counted_events(question)
        .join(heard, before)
        .add_columns(
            col(Event.id).label("id"),
            col(Event.case_id).label("case_id"),
            col(Event.court_id).label("court_id"),
            col(Event.case_type_id).label("case_type_id"),
            on.label("on"),
            true().label("is_case"),
            (func.max(heard.c.setting_no) <= CERTAIN).label("good"),
        )
        .where(col(Event.kind).in_(RESOLVED), on.between(period.first, period.last))
        .group_by(col(Event.id), *([col(Case.id)] if question.reads_cases else []))
    )


def _scheduled(question: Question, days: Any) -> Statement:
    """The days of the period that were set; good are those on which the case was heard."""
    period = question.period
    on = question.day(days.c.on)
    statement: Statement = (
        select(
            days.c.case_id.label("id"),
            days.c.case_id.label("case_id"),
            days.c.court_id.label("court_id"),
            days.c.case_type_id.label("case_type_id"),
            on.label("on"),
            false().label("is_case"),
            days.c.heard.label("good"),
        )
        .select_from(days)
        .where(on.between(period.first, period.last), on <= end(question))
    )
    if question.hides_sealed:  # which the day then depends on
        statement = statement.join(Case, col(Case.id) == days.c.case_id)
    return statement
