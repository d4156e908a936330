"""Cause lists as CSV and iCalendar."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import Response

from common.ids import uuid7
from core_service.cases.models import Case
from core_service.documents.cells import safe_cell
from core_service.hearings.documents import (
    ListFormat,
    PrintedList,
    as_csv,
    as_icalendar,
    wanted_format,
)
from core_service.hearings.models import Hearing
from core_service.hearings.repository import ListedHearing
from core_service.reference.models import Cadre, Judge
from core_service.sources import SourceKind

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ON = date(2026, 3, 2)


def listed(name: str = "Example, Amina", purpose: str = "Hearing") -> ListedHearing:
    times: dict[str, Any] = {"created_at": AT, "updated_at": AT}
    case = Case(
        **times, court_id=uuid7(), caseid_type="HCCC", number_raw="E014", number_norm="E14",
        number_serial=14, filed_year=2025, filed_on=date(2025, 2, 3), case_type_id=uuid7(),
        status_since=date(2025, 2, 3), source_kind=SourceKind.MANUAL,
    )  # fmt: skip
    judge = Judge(
        **times, surname=name, given_names="", display_name=name, name_norm=name, cadre=Cadre.JUDGE
    )
    hearing = Hearing(**times, case_id=case.id, court_id=case.court_id, hearing_on=ON, version=3)
    return ListedHearing(hearing, case, judge, purpose)


def test_csv_cells_are_never_run_as_formulas() -> None:
    text = as_csv(PrintedList('=HYPERLINK("x")', ON, [listed("@SUM(A1)", "+1")]))

    row = next(iter(csv.DictReader(io.StringIO(text))))

    assert row["court"].startswith("'=")
    assert row["judge"] == "'@SUM(A1)"
    assert row["purpose"] == "'+1"
    assert row["number"] == "HCCC E014 of 2025"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_that_begin_like_formulas_are_text(start: str) -> None:
    assert safe_cell(f"{start}1") == f"'{start}1"


def test_an_event_is_a_whole_day_with_escaped_texts() -> None:
    calendar = as_icalendar(PrintedList("Court; of, Testville", ON, [listed()]))

    assert calendar.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert calendar.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    for line in (
        "DTSTART;VALUE=DATE:20260302",
        "DTEND;VALUE=DATE:20260303",
        "DTSTAMP:20260102T030405Z",
        "SEQUENCE:2",
        "SUMMARY:HCCC E014 of 2025",
        "LOCATION:Court\\; of\\, Testville",
        "DESCRIPTION:Hearing\\nExample\\, Amina",
    ):
        assert f"\r\n{line}\r\n" in calendar


def test_long_lines_fold_between_characters() -> None:
    calendar = as_icalendar(PrintedList("ŵ" * 200, ON, [listed()]))

    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    assert "LOCATION:" + "ŵ" * 200 in calendar.replace("\r\n ", "")


@pytest.mark.parametrize(
    ("wanted", "accept", "given"),
    [
        (None, "", ListFormat.JSON),
        (None, "*/*", ListFormat.JSON),
        (None, "text/calendar", ListFormat.ICS),
        (None, "text/csv;q=0.5, text/calendar;q=0.4", ListFormat.CSV),
        (None, "text/csv;q=x", ListFormat.JSON),
        (ListFormat.CSV, "text/calendar", ListFormat.CSV),
    ],
)
async def test_the_format_is_the_requested_one(
    wanted: ListFormat | None, accept: str, given: ListFormat
) -> None:
    assert await wanted_format(Response(), wanted, accept) == given
