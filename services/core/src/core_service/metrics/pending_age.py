"""Age of the active pending caseload (CourTools 4)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from heapq import nsmallest
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.cases.models import Case
from core_service.metrics.conditions import Question, Statement
from core_service.metrics.counting import CountedFigure, Rows, excluded
from core_service.metrics.frame import Excluded, RatioRead, Row, Values, ratio
from core_service.metrics.lives import lives
from core_service.metrics.standards import with_standard
from core_service.reference.measures import TimeMeasure

OLDEST: Final = 10


class PendingAgeColumn(StrEnum):
    """Which pending cases."""

    PENDING = "pending"
    UP_TO_90 = "up_to_90_days"
    UP_TO_180 = "up_to_180_days"
    UP_TO_365 = "up_to_365_days"
    UP_TO_730 = "up_to_730_days"
    UP_TO_1095 = "up_to_1095_days"
    OLDER = "older"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


# The last day of each band; the last band has none.
BANDS: Final[Mapping[PendingAgeColumn, tuple[int, int | None]]] = {
    PendingAgeColumn.UP_TO_90: (0, 90),
    PendingAgeColumn.UP_TO_180: (91, 180),
    PendingAgeColumn.UP_TO_365: (181, 365),
    PendingAgeColumn.UP_TO_730: (366, 730),
    PendingAgeColumn.UP_TO_1095: (731, 1095),
    PendingAgeColumn.OLDER: (1096, None),
}


class PendingAgeValues(ResponseModel):
    """Active pending cases by age, and the part of them that is older than its standard.

    The link lists `column=pending`; each band is a column, `numerator` are those over their
    standard, and `denominator` those that have one.
    """

    pending: int
    up_to_90_days: int
    up_to_180_days: int
    up_to_365_days: int
    up_to_730_days: int
    up_to_1095_days: int
    older: int
    over_standard: RatioRead


class OldCaseRead(ResponseModel):
    """One of the oldest cases."""

    case_id: UUID
    began_on: date
    days: int


class PendingAgeMore(ResponseModel):
    """The ten oldest that are not sealed: the list shows those, too, and records who reads them."""

    oldest: Sequence[OldCaseRead]


class PendingAge(CountedFigure):
    """Days from filing to the day, without inactive ones."""

    name = "pending-age"
    title = "age of the pending cases"
    text = (
        "The active cases pending at the period's end by age, the part that is older than the "
        "time standard in force then, and the ten oldest (CourTools 4). Age = the day - filed - "
        "inactive days; a case that a transfer brought counts from its arrival. A case filed on "
        "1 January and inactive for February is 61 days old on 31 March: in the first band."
    )
    values = PendingAgeValues
    columns = PendingAgeColumn
    more_values = PendingAgeMore

    def rows(self, question: Question) -> Rows:
        found = lives(question)
        age = found.active_age
        active = found.statement.where(found.active)
        measured, standard = with_standard(
            question, active, found.until, TimeMeasure.FILING_TO_DISPOSITION
        )
        bands = {
            column: age.between(least, most) if most is not None else age >= least
            for column, (least, most) in BANDS.items()
        }
        return Rows(
            measured,
            found.columns.began_on,
            found.columns.case_id,
            found.columns.case_id,
            {
                PendingAgeColumn.PENDING: age >= 0,
                **bands,
                PendingAgeColumn.NUMERATOR: age > standard,
                PendingAgeColumn.DENOMINATOR: standard.is_not(None),
            },
            {"unmeasured": func.count().filter(standard.is_(None))},
        )

    def line(self, counts: Values, question: Question) -> Values:
        shown = {name.value: counts[name.value] for name in (PendingAgeColumn.PENDING, *BANDS)}
        return {**shown, "over_standard": ratio(counts["numerator"], counts["denominator"])}

    def excluded(self, totals: Values) -> list[Excluded]:
        return excluded(totals, unmeasured="without-standard")

    def details(self, question: Question) -> Statement:
        """The oldest of each court."""
        found = lives(question)
        shown, days = found.columns, found.active_age
        sealed = select(col(Case.id)).where(col(Case.sealed).is_(True))
        order = {"partition_by": shown.court_id, "order_by": (days.desc(), shown.case_id)}
        each = (
            found.statement.add_columns(shown.court_id, shown.case_id, shown.began_on)
            .add_columns(days.label("days"), func.row_number().over(**order).label("place"))
            .where(found.active, shown.case_id.not_in(sealed))
            .subquery("each")
        )
        return select(*list(each.c)[:-1]).where(each.c.place <= OLDEST)

    def more(self, question: Question, rows: Iterable[Row]) -> Values:
        oldest = nsmallest(OLDEST, rows, key=lambda row: (-row[2], row[0]))
        names = ("case_id", "began_on", "days")
        return {"oldest": [dict(zip(names, row, strict=True)) for row in oldest]}
