"""Cause lists as documents: CSV for spreadsheets, iCalendar for diaries."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from core_service.hearings.listing import ListedHearing
from core_service.hearings.models import HearingStatus

CSV: Final = "text/csv; charset=utf-8"
ICALENDAR: Final = "text/calendar; charset=utf-8"
COLUMNS: Final = ("date", "court", "number", "judge", "purpose", "setting", "status")
# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
LINE_OCTETS: Final = 75  # RFC 5545, 3.1
PRODUCT: Final = "-//Masijala//Court registry//EN"


@dataclass(frozen=True, slots=True)
class PrintedList:
    """What a printed list is of."""

    court: str
    on: date
    items: Sequence[ListedHearing]


def as_csv(printed: PrintedList) -> str:
    """One line for each matter."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for item in printed.items:
        hearing = item.hearing
        cells = (
            printed.on.isoformat(),
            printed.court,
            item.number,
            item.judge.display_name if item.judge else "",
            item.purpose or "",
            hearing.setting_no,
            hearing.status.value,
        )
        writer.writerow(safe_cell(str(cell)) for cell in cells)
    return text.getvalue()


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_icalendar(printed: PrintedList) -> str:
    """One all-day event for each matter (RFC 5545)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(printed.court)}",
        f"X-WR-CALNAME:{_text(printed.court)}",
        *(line for item in printed.items for line in _event(printed, item)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(printed: PrintedList, item: ListedHearing) -> Iterator[str]:
    hearing = item.hearing
    described = [item.purpose, item.judge.display_name if item.judge else ""]
    description = "\n".join(part for part in described if part)
    cancelled = hearing.status in (HearingStatus.VACATED, HearingStatus.NOT_REACHED)
    yield "BEGIN:VEVENT"
    yield f"UID:{hearing.id}@masijala"
    yield f"DTSTAMP:{_moment(hearing.updated_at)}"
    yield f"SEQUENCE:{hearing.version - 1}"
    yield f"DTSTART;VALUE=DATE:{printed.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{printed.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(item.number)}"
    if description:
        yield f"DESCRIPTION:{_text(description)}"
    yield f"LOCATION:{_text(printed.court)}"
    yield f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}"
    # The list tells when a room is taken, not when a person is: it blocks nobody's diary.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value.replace("\r", "")


def _folded(line: str) -> str:
    """The line in parts of at most 75 octets, none within a character."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE_OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts)
