"""The clearance rate (CourTools 2) and the Kenyan Judiciary's case clearance rate (CCR, SOJAR)."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from common.schemas import ResponseModel
from core_service.ledger.models import EventKind
from core_service.metrics.conditions import Count, Listing, Question
from core_service.metrics.events import events_listed
from core_service.metrics.figures import Period
from core_service.metrics.frame import PeriodRead, RatioRead, Row, Values, ratio
from core_service.metrics.summing import Counting, TotalledFigure


class ClearanceColumn(StrEnum):
    """The counts behind the two clearance rates."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    CCR_NUMERATOR = "ccr_numerator"
    CCR_DENOMINATOR = "ccr_denominator"


CLEARANCE_KINDS: Final[Mapping[ClearanceColumn, frozenset[EventKind]]] = {
    ClearanceColumn.NUMERATOR: frozenset(
        {EventKind.DISPOSED, EventKind.REOPENED_DISPOSED, EventKind.INACTIVATED}
    ),
    ClearanceColumn.DENOMINATOR: frozenset(
        {EventKind.FILED, EventKind.REOPENED, EventKind.REACTIVATED}
    ),
    ClearanceColumn.CCR_NUMERATOR: frozenset({EventKind.DISPOSED, EventKind.REOPENED_DISPOSED}),
    ClearanceColumn.CCR_DENOMINATOR: frozenset({EventKind.FILED}),
}
FISCAL: Final = frozenset({ClearanceColumn.CCR_NUMERATOR, ClearanceColumn.CCR_DENOMINATOR})


class ClearanceValues(ResponseModel):
    """Clearance (CourTools 2) in the period, and the Kenyan CCR in the fiscal year it ends in.

    The link lists `column=numerator`; the others are `denominator`, `ccr_numerator` and
    `ccr_denominator`.
    """

    clearance: RatioRead
    ccr: RatioRead


class ClearanceMore(ResponseModel):
    """The year of the CCR."""

    fiscal_year: PeriodRead


class Clearance(TotalledFigure):
    """Outgoing cases in percent of incoming ones."""

    name = "clearance"
    title = "clearance rates"
    text = (
        "Outgoing cases in percent of incoming ones (CourTools 2), and the Judiciary's CCR: "
        "resolved in percent of filed in the fiscal year, from 1 July, that the period ends in."
    )
    values = ClearanceValues
    columns = ClearanceColumn
    more_values = ClearanceMore

    def periods(self, question: Question) -> Sequence[Period]:
        return [question.period, question.query.fiscal]

    def counts(self, question: Question, by: Counting) -> dict[str, Count]:
        return {
            column.value: by.occurrences(_period(question, column), kinds)
            for column, kinds in CLEARANCE_KINDS.items()
        }

    def line(self, counts: Values, question: Question) -> Values:
        return {
            "clearance": ratio(counts["numerator"], counts["denominator"]),
            "ccr": ratio(counts["ccr_numerator"], counts["ccr_denominator"]),
        }

    def more(self, question: Question, rows: Iterable[Row]) -> Values:
        return {"fiscal_year": PeriodRead.model_validate(question.query.fiscal)}

    def listing(self, question: Question, column: StrEnum) -> Listing:
        wanted = ClearanceColumn(column)
        return events_listed(question, _period(question, wanted), CLEARANCE_KINDS[wanted])


def _period(question: Question, column: ClearanceColumn) -> Period:
    return question.query.fiscal if column in FISCAL else question.period
