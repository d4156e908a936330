"""Adjournment rate: which part of what could be adjourned was, by reason and by cause."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import and_, func
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.metrics.conditions import Question, Statement
from core_service.metrics.counting import CountedFigure, Rows
from core_service.metrics.frame import RatioRead, Row, Values, ratio
from core_service.metrics.recorded import (
    Activity,
    activities,
    belonging,
    by_lead,
    has_effect,
    recorded_on,
)
from core_service.reference.models import (
    ActivityType,
    AdjournmentCause,
    AdjournmentReason,
    Effect,
)


class AdjournmentsColumn(StrEnum):
    """Which events in court."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    BY_COURT = "by_court"
    BY_PARTY = "by_party"
    BY_ADVOCATE = "by_advocate"
    BY_PROSECUTION = "by_prosecution"
    BY_WITNESS = "by_witness"
    BY_EXTERNAL = "by_external"
    NOT_STATED = "not_stated"


CAUSES: Final[Mapping[AdjournmentsColumn, AdjournmentCause]] = {
    AdjournmentsColumn(f"by_{cause.value}"): cause for cause in AdjournmentCause
}


class CausesRead(ResponseModel):
    """How many adjournments each side caused."""

    court: int
    party: int
    advocate: int
    prosecution: int
    witness: int
    external: int
    not_stated: int


class AdjournmentsValues(ResponseModel):
    """Adjourned in percent of adjournable, and adjournments by the side that caused them.

    `column=numerator` lists the adjourned events, `denominator` all, `by_court` those of one side,
    and `not_stated` those without a reason.
    """

    adjourned: RatioRead
    by_cause: CausesRead


class ReasonCountRead(ResponseModel):
    """How often a reason was given."""

    reason: str
    cause: AdjournmentCause
    count: int


class AdjournmentsMore(ResponseModel):
    """The reasons of all adjournments, the most frequent first."""

    by_reason: Sequence[ReasonCountRead]


class Adjournments(CountedFigure):
    """Adjourned by adjournable events."""

    name = "adjournments"
    title = "adjournment rate"
    text = (
        "Events in court that were adjourned, in percent of those that could be: of activity types "
        "marked `adjournable`, with an outcome whose effect is `adjourn`; by reason, and by the "
        "side that caused them. The judge is the one who led the bench. 12 adjourned of 40 "
        "hearings and mentions are 30 %."
    )
    values = AdjournmentsValues
    columns = AdjournmentsColumn
    more_values = AdjournmentsMore

    def rows(self, question: Question) -> Rows:
        found = _adjournable(question)
        adjourned, cause = found.c.adjourned, found.c.cause
        return Rows(
            by_lead(question, found, found.c.id),
            found.c.on,
            found.c.id,
            found.c.case_id,
            {
                AdjournmentsColumn.NUMERATOR: adjourned,
                AdjournmentsColumn.DENOMINATOR: found.c.id.is_not(None),
                **{name: and_(adjourned, cause == each.value) for name, each in CAUSES.items()},
                AdjournmentsColumn.NOT_STATED: and_(adjourned, cause.is_(None)),
            },
        )

    def line(self, counts: Values, question: Question) -> Values:
        causes = {cause.value: counts[name.value] for name, cause in CAUSES.items()}
        causes["not_stated"] = counts["not_stated"]
        adjourned = ratio(counts["numerator"], counts["denominator"])
        return {"adjourned": adjourned, "by_cause": causes}

    def details(self, question: Question) -> Statement:
        found = _adjournable(question)
        keys = (found.c.court_id, found.c.reason, found.c.cause)
        return (
            by_lead(question, found, found.c.id)
            .add_columns(*keys, func.count())
            .where(found.c.adjourned, found.c.reason.is_not(None))
            .group_by(*keys)
        )

    def more(self, question: Question, rows: Iterable[Row]) -> Values:
        counts: Counter[tuple[str, AdjournmentCause]] = Counter()
        for reason, cause, count in rows:
            counts[reason, cause] += count
        by_count = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        return {
            "by_reason": [
                {"reason": reason, "cause": cause, "count": count}
                for (reason, cause), count in by_count
            ]
        }


def _adjournable(question: Question) -> Any:
    """What could be adjourned in the period, and whether and why it was."""
    on, period = recorded_on(question), question.period
    reason, activity_type = question.table(AdjournmentReason), question.table(ActivityType)
    return (
        activities(question)
        .outerjoin(reason, reason.id == Activity.reason_id)
        .add_columns(
            col(Activity.id).label("id"),
            *belonging(question),
            on.label("on"),
            has_effect(question, Effect.ADJOURN).label("adjourned"),
            reason.label.label("reason"),
            reason.cause.label("cause"),
        )
        .where(activity_type.adjournable.is_(True), on.between(period.first, period.last))
        .subquery("adjournable")
    )
