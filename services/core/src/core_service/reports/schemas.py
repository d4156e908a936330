"""Bodies of requests and responses about reports."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, cast
from uuid import UUID

from pydantic import AfterValidator, Field, create_model

from common.dates import FIRST_DAY, LAST_DAY
from common.schemas import RequestModel, ResponseModel
from core_service.cases.numbers import display_number
from core_service.cases.schemas import CourtBrief
from core_service.metrics.catalogue import FIGURES
from core_service.metrics.schemas import GroupRead, body_of
from core_service.reports.models import MetricSnapshot
from core_service.reports.restatement import ChangedGroup
from core_service.reports.service import MonthlyReport, Restated

MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def _month(text: str) -> str:
    if MONTH.fullmatch(text) is None:
        raise ValueError("must be written like 2026-01")
    if not FIRST_DAY.year < int(text[:4]) < LAST_DAY.year:
        raise ValueError(f"must be after {FIRST_DAY.year} and before {LAST_DAY.year}")
    return text


Month = Annotated[str, AfterValidator(_month), Field(examples=["2026-01"])]


def first_day(month: str) -> date:
    """The first day of a month that is written like 2026-01."""
    return date.fromisoformat(f"{month}-01")


class PublicationCreate(RequestModel):
    """The court's month to publish."""

    court_id: UUID
    month: Month

    @property
    def first_day(self) -> date:
        return first_day(self.month)


class PublicationRead(ResponseModel):
    """A published month. As known at `known_on`, the report is the same again to the last byte."""

    id: UUID
    court_id: UUID
    month: str = Field(examples=["2026-01"])
    published_at: datetime
    published_by: UUID | None
    known_on: datetime
    definitions: dict[str, str] = Field(description="the edition of each figure's definition")

    @classmethod
    def of(cls, snapshot: MetricSnapshot) -> "PublicationRead":
        """As it is shown."""
        return cls(
            id=snapshot.id,
            court_id=snapshot.court_id,
            month=f"{snapshot.month:%Y-%m}",
            published_at=snapshot.created_at,
            published_by=snapshot.created_by,
            known_on=snapshot.known_on,
            definitions=snapshot.definitions,
        )


class ChangedValueRead(ResponseModel):
    """A value as published and as it is now."""

    name: str = Field(examples=["disposed"])
    published: int | float | str | None
    now: int | float | str | None


class ChangedCaseRead(ResponseModel):
    """A case that counts in a column more often than then (`change` is 1), or less often (-1)."""

    column: str
    change: int
    case_id: UUID
    number: str


class ChangedGroupRead(ResponseModel):
    """A group of a figure that has changed; without a group, the totals.

    `cases` are what the list behind each column has now and had not then, or the other way round:
    the changes of a column add up to its difference. They are null for totals, and without sealed
    cases that you may not see.
    """

    figure: str
    group: GroupRead | None
    values: Sequence[ChangedValueRead]
    cases: Sequence[ChangedCaseRead] | None

    @classmethod
    def of(cls, changed: ChangedGroup) -> "ChangedGroupRead":
        """As it is shown."""
        cases = None
        if changed.cases is not None:
            cases = [
                ChangedCaseRead(
                    column=each.column,
                    change=each.change,
                    case_id=each.case.id,
                    number=display_number(
                        each.case.caseid_type, each.case.number_raw, each.case.filed_year
                    ),
                )
                for each in changed.cases
            ]
        return cls(
            figure=changed.figure.name,
            group=GroupRead.model_validate(changed.group) if changed.group is not None else None,
            values=[ChangedValueRead.model_validate(each) for each in changed.values],
            cases=cases,
        )


class RestatementRead(ResponseModel):
    """Last month's publication, and what later knowledge has changed of it."""

    published: PublicationRead
    changes: Sequence[ChangedGroupRead]

    @classmethod
    def of(cls, restated: Restated) -> "RestatementRead":
        """As it is shown."""
        changes = [ChangedGroupRead.of(each) for each in restated.groups]
        return cls(published=PublicationRead.of(restated.published), changes=changes)


class ReportHead(ResponseModel):
    """What a report is about."""

    court: CourtBrief
    month: str = Field(examples=["2026-01"])
    known_on: datetime | date
    published: PublicationRead | None = Field(description="the month's last publication, if any")


class ReportEnd(ResponseModel):
    """What has changed of the month before, if that was published."""

    last_month: RestatementRead | None


FIGURE_FIELDS: Final = {figure.name: figure.name.replace("-", "_") for figure in FIGURES}
_fields: Any = {FIGURE_FIELDS[each.name]: (body_of(type(each)), ...) for each in FIGURES}
MonthlyFigures = cast(
    type[ResponseModel],
    create_model("MonthlyFigures", __base__=ResponseModel, __doc__="Every figure.", **_fields),
)
_report: Any = {"figures": (MonthlyFigures, ...)}
MonthlyReportRead = cast(
    type[ResponseModel],
    create_model(
        "MonthlyReportRead",
        __base__=(ReportEnd, ReportHead),
        __doc__="A court's month: every figure, and what has changed of the month before.",
        **_report,
    ),
)


def report_body(report: MonthlyReport) -> Mapping[str, Any]:
    """The report as JSON has it; the figures are as their own endpoints answer them."""
    published = report.published
    head = ReportHead(
        court=CourtBrief.model_validate(report.court),
        month=f"{report.period.first:%Y-%m}",
        known_on=report.known_on,
        published=PublicationRead.of(published) if published else None,
    )
    restated = report.last_month
    end = ReportEnd(last_month=RestatementRead.of(restated) if restated else None)
    figures = {FIGURE_FIELDS[figure.name]: body for figure, body in report.figures}
    return {**head.model_dump(mode="json"), "figures": figures, **end.model_dump(mode="json")}
