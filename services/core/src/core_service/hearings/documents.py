"""Cause lists as documents, CSV for spreadsheets and iCalendar for diaries, and which is wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from fastapi import Depends, Header, Query, Response

from core_service.documents.formats import VARY, preferred
from core_service.documents.text import BYTE_ORDER_MARK, csv_lines
from core_service.hearings.models import HearingStatus
from core_service.hearings.repository import ListedHearing

ICALENDAR: Final = "text/calendar; charset=utf-8"
COLUMNS: Final = ("date", "court", "number", "judge", "purpose", "setting", "status")
LINE_OCTETS: Final = 75  # RFC 5545, 3.1
PRODUCT: Final = "-//Masijala//Court registry//EN"


@dataclass(frozen=True, slots=True)
class PrintedList:
    court: str
    on: date
    items: Sequence[ListedHearing]


def as_csv(printed: PrintedList) -> str:
    rows = (
        (
            printed.on,
            printed.court,
            item.number,
            item.judge.display_name if item.judge else None,
            item.purpose,
            item.hearing.setting_no,
            item.hearing.status.value,
        )
        for item in printed.items
    )
    return BYTE_ORDER_MARK + csv_lines([COLUMNS, *rows])


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
    # The list says when a room is taken, not when a person is: it must not block a diary.
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


class ListFormat(StrEnum):
    JSON = "json"
    CSV = "csv"
    ICS = "ics"


MEDIA_TYPES: Final = {
    "application/json": ListFormat.JSON,
    "text/csv": ListFormat.CSV,
    "text/calendar": ListFormat.ICS,
}


async def wanted_format(
    response: Response,
    list_format: Annotated[
        ListFormat | None, Query(alias="format", description="goes before `Accept`")
    ] = None,
    accept: Annotated[str, Header(max_length=400, include_in_schema=False)] = "",
) -> ListFormat:
    """The form that was asked for; JSON when nothing fitting was."""
    response.headers.update(VARY)  # for the JSON; the other forms set their own headers
    return list_format or preferred(accept, MEDIA_TYPES, ListFormat.JSON)


ListFormatDep = Annotated[ListFormat, Depends(wanted_format)]
