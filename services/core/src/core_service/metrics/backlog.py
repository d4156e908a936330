"""Backlog (Kenyan Judiciary): cases that are pending for more than a year, or three."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, and_, cast, text

from common.schemas import ResponseModel
from core_service.metrics.conditions import Question
from core_service.metrics.counting import CountedFigure, Rows
from core_service.metrics.frame import RatioRead, Values, ratio
from core_service.metrics.lives import lives

YEARS: Final = (1, 3)
ONE_DAY: Final = timedelta(days=1)


class BacklogColumn(StrEnum):
    """Which pending cases."""

    OVER_1_YEAR = "over_1_year"
    OVER_3_YEARS = "over_3_years"
    PENDING = "pending"
    CROSSED_1_YEAR = "crossed_1_year"
    CROSSED_3_YEARS = "crossed_3_years"


class BacklogValues(ResponseModel):
    """The backlog in percent of the pending cases, and what has joined it in the period.

    `column=over_1_year` lists the first backlog, which includes the second; `pending` all pending
    cases, and `crossed_1_year` and `crossed_3_years` those that grew so old in the period.
    """

    over_1_year: RatioRead
    over_3_years: RatioRead
    pending: int
    crossed_1_year: int
    crossed_3_years: int


class Backlog(CountedFigure):
    """Pending for longer than one year and three years."""

    name = "backlog"
    title = "backlog"
    text = (
        "Active cases pending at the period's end that were filed more than one year, or three "
        "years, before it (Judiciary of Kenya, State of the Judiciary report), in percent of all "
        "that are pending; and those that crossed one or three years in the period and are still "
        "pending. A case filed on 1 March 2025 is in the backlog from 2 March 2026. Time as an "
        "inactive case counts; a case that a transfer brought counts from its arrival."
    )
    values = BacklogValues
    columns = BacklogColumn

    def rows(self, question: Question) -> Rows:
        found = lives(question)
        before = question.period.first - ONE_DAY
        began = found.columns.began_on
        one, three = (_older(began, years, found.until) for years in YEARS)
        was_one, was_three = (_older(began, years, before) for years in YEARS)
        return Rows(
            found.statement.where(found.active),
            began,
            found.columns.case_id,
            found.columns.case_id,
            {
                BacklogColumn.OVER_1_YEAR: one,
                BacklogColumn.OVER_3_YEARS: three,
                BacklogColumn.PENDING: found.active,
                BacklogColumn.CROSSED_1_YEAR: and_(one, ~was_one),
                BacklogColumn.CROSSED_3_YEARS: and_(three, ~was_three),
            },
        )

    def line(self, counts: Values, question: Question) -> Values:
        return {
            **{name.value: counts[name.value] for name in list(BacklogColumn)[2:]},
            "over_1_year": ratio(counts["over_1_year"], counts["pending"]),
            "over_3_years": ratio(counts["over_3_years"], counts["pending"]),
        }


def _older(began_on: Any, years: int, day: date) -> ColumnElement[bool]:
    """Whether more than so many years have passed on a day. 29 February is 28 in other years."""
    older: ColumnElement[bool] = cast(began_on + text(f"interval '{years} years'"), Date) < day
    return older
