"""The forms of a document, how its rows become bytes, and which form is wanted."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import tzinfo
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from core_service.documents.text import BYTE_ORDER_MARK, CSV, NDJSON, Row, csv_lines, json_lines
from core_service.documents.workbook import XLSX, Layout, WorkbookWriter

FormatT = TypeVar("FormatT")
# For caches: another `Accept` may get another form (RFC 9110, 12.5.5).
VARY: Final = {"Vary": "Accept"}


class RowFormat(StrEnum):
    """The forms that a list of rows is given in."""

    CSV = "csv"
    XLSX = "xlsx"
    NDJSON = "ndjson"


MEDIA_TYPES: Final[Mapping[RowFormat, str]] = {
    RowFormat.CSV: CSV,
    RowFormat.XLSX: XLSX,
    RowFormat.NDJSON: NDJSON,
}


class RowWriter(Protocol):
    """Turns rows into the bytes of a document, as far as they are ready."""

    def begin(self, layout: Layout) -> bytes:
        """What comes before the first row."""
        ...

    def rows(self, rows: Iterable[Row]) -> bytes:
        """More rows."""
        ...

    def finish(self) -> bytes:
        """What comes after the last row."""
        ...


class CsvWriter:
    """CSV for spreadsheets."""

    def begin(self, layout: Layout) -> bytes:
        """The heading."""
        return (BYTE_ORDER_MARK + csv_lines([layout.heading])).encode()

    def rows(self, rows: Iterable[Row]) -> bytes:
        """A line each."""
        return csv_lines(rows).encode()

    def finish(self) -> bytes:
        """Nothing."""
        return b""


class NdjsonWriter:
    """An object a line, for programs."""

    _columns: Sequence[str] = ()

    def begin(self, layout: Layout) -> bytes:
        """Nothing: each line names its columns."""
        self._columns = layout.heading
        return b""

    def rows(self, rows: Iterable[Row]) -> bytes:
        """A line each."""
        return json_lines(self._columns, rows)

    def finish(self) -> bytes:
        """Nothing."""
        return b""


def writer_of(row_format: RowFormat, zone: tzinfo) -> RowWriter:
    """The writer of a form; `zone` is for the one whose cells have none."""
    match row_format:
        case RowFormat.CSV:
            return CsvWriter()
        case RowFormat.XLSX:
            return WorkbookWriter(zone)
        case RowFormat.NDJSON:
            return NdjsonWriter()


async def document(
    writer: RowWriter, layout: Layout, batches: AsyncGenerator[Sequence[Row], None]
) -> AsyncGenerator[bytes, None]:
    """A document of one table; no more than a batch of its rows is in memory."""
    yield writer.begin(layout)
    async with aclosing(batches):  # what reads the rows ends with the answer, not some time later
        async for batch in batches:
            yield writer.rows(batch)
    yield writer.finish()


def preferred(accept: str, offered: Mapping[str, FormatT], default: FormatT) -> FormatT:
    """Which of the offered forms, by media type, an `Accept` likes best."""
    best, best_quality = default, 0.0
    for entry in accept.lower().split(","):
        media_type, _, parameters = entry.partition(";")
        found = offered.get(media_type.strip())
        quality = _quality(parameters)
        if found is not None and quality > best_quality:
            best, best_quality = found, quality
    return best


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
