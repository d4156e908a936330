"""Rows as lines of text: CSV for spreadsheets, and JSON a line each for programs."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from pydantic_core import to_json

from core_service.documents.cells import Cell, Styled, Value, safe_cell

CSV: Final = "text/csv; charset=utf-8"
NDJSON: Final = "application/x-ndjson"
# Without it Excel reads UTF-8 as the encoding of the user's country.
BYTE_ORDER_MARK: Final = "\ufeff"

Row = Sequence[Cell]


def csv_lines(rows: Iterable[Row]) -> str:
    """Rows as CSV (RFC 4180); texts alone are neutralised, since a number is no formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue()


def json_lines(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Rows as objects, one a line."""
    return b"".join(
        to_json(dict(zip(columns, map(plain, row), strict=True))) + b"\n" for row in rows
    )


def plain(cell: Cell) -> Value:
    """A cell's value without its style."""
    return cell.value if isinstance(cell, Styled) else cell


def _written(cell: Cell) -> object:
    value = plain(cell)
    if isinstance(value, str):
        return safe_cell(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else value
