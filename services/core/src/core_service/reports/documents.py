"""The monthly report as CSV, a value a line, and as a workbook to print, a sheet a figure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Final

from core_service.cases.numbers import display_number
from core_service.documents.cells import Cell, Style, Styled
from core_service.documents.formats import CsvWriter
from core_service.documents.text import Row
from core_service.documents.workbook import Layout, WorkbookWriter
from core_service.reports.bodies import Line, lines_of
from core_service.reports.restatement import ChangedGroup
from core_service.reports.service import MonthlyReport

CSV_COLUMNS: Final = (
    *("court", "month", "figure", "group", "column", "value"),
    *("published", "change", "case"),
)
RESTATED: Final = ("figure", "group", "value", "published", "now", "change", "case")


def as_csv(report: MonthlyReport) -> bytes:
    """The figures, then what has changed of the month before."""
    writer = CsvWriter()
    head = writer.begin(Layout("report", (), CSV_COLUMNS))
    return head + writer.rows(_values(report)) + writer.rows(_changes(report))


def as_workbook(report: MonthlyReport) -> bytes:
    """A sheet for each figure, and one for what has changed."""
    writer = WorkbookWriter(report.zone)
    sent = b""
    for figure, body in report.figures:
        lines = lines_of(body)
        names = list(lines[-1].values)
        layout = Layout(
            figure.title.capitalize(),
            (34, *(max(12, len(name) * 0.9) for name in names)),
            ("", *(name.replace("_", " ").replace(".", ": ") for name in names)),
            _above(report, figure.title),
        )
        sent += writer.begin(layout) + writer.rows(_line(line, names) for line in lines)
    if report.last_month is not None:
        month = f"{report.last_month.published.month:%Y-%m}"
        above = _above(report, f"what is known now of {month}, as published")
        widths = (22, 30, 24, 14, 14, 10, 24)
        layout = Layout(f"Restated {month}", widths, RESTATED, above)
        sent += writer.begin(layout) + writer.rows(_restated(report.last_month.groups))
    return sent + writer.finish()


def _above(report: MonthlyReport, title: str) -> list[Sequence[Cell]]:
    published = report.published
    known = _written(report.known_on, report.zone)
    publication = "; not published"
    if published:
        publication = f"; published {_written(published.created_at, report.zone)}"
    return [
        [Styled(f"{report.court.name}: {title}", Style.TITLE)],
        [Styled(f"{report.period.first:%B %Y}, as known on {known}{publication}", Style.NOTE)],
        [],
    ]


def _written(at: date | datetime, zone: tzinfo) -> str:
    """A day, or a time with the abbreviation of the time zone."""
    if isinstance(at, datetime):
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    return at.isoformat()


def _line(line: Line, names: Sequence[str]) -> Row:
    label = line.label if line.group is not None else Styled(line.label, Style.HEADING)
    return (label, *(_styled(line.values.get(name)) for name in names))


def _styled(value: Any) -> Cell:
    if isinstance(value, float):
        return Styled(value, Style.RATE)
    return Styled(value, Style.COUNT) if isinstance(value, int) else value


def _values(report: MonthlyReport) -> Iterator[Row]:
    about = (report.court.name, f"{report.period.first:%Y-%m}")
    for figure, body in report.figures:
        for line in lines_of(body):
            for name, value in line.values.items():
                yield (*about, figure.name, line.label, name, value, *(None,) * 3)


def _changes(report: MonthlyReport) -> Iterator[Row]:
    if report.last_month is None:
        return
    about = (report.court.name, f"{report.last_month.published.month:%Y-%m}")
    for figure, group, name, then, now, change, case in _restated(report.last_month.groups):
        yield (*about, figure, group, name, now, then, change, case)


def _restated(groups: Sequence[ChangedGroup]) -> Iterator[Row]:
    for changed in groups:
        name = changed.figure.name
        for value in changed.values:
            then, now = _styled(value.published), _styled(value.now)
            yield (name, changed.label, value.name, then, now, None, None)
        for each in changed.cases or ():
            case = each.case
            number = display_number(case.caseid_type, case.number_raw, case.filed_year)
            yield (name, changed.label, each.column, None, None, each.change, number)
