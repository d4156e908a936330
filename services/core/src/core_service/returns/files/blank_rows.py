"""Skips blank rows of a sheet without parsing them.

Where people give a format to whole columns, a sheet has rows without values to its bottom.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core_service.returns.files.archives import DAMAGED
from core_service.returns.files.limits import FileUnreadable

# So many blank rows that follow each other are parsed like others.
WALKED: Final = 1000
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|is|t|f)[\s/>]|</(?:\w+:)?sheetData")
_ROW: Final = re.compile(rb"<(?:\w+:)?row(?=[\s/>])[^>]*")
_NUMBER: Final = re.compile(rb"\sr=[\"'](\d{1,7})[\"']")
_ROW_END: Final = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row(?:\s[^>]*)?/>")
# Of a row that has more bytes than this, all are parsed.
_MAX_ROW_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Skipped:
    """The number of the last row that was skipped, and the XML that comes after it."""

    row_no: int
    rest: bytes


def after_last_row(piece: bytes) -> bytes | None:
    """What of a piece comes after its last whole row; None where it has none."""
    if b"\0" in piece:
        return None  # in two bytes a character
    ends = list(_ROW_END.finditer(piece))
    return piece[ends[-1].end() :] if ends else None


def skip_blank_rows(pieces: Iterator[bytes], rest: bytes, row_no: int) -> Skipped:
    """Read on to the row with the next value, or to the last row. Raises FileUnreadable.

    `rest` has been read already, from behind the row `row_no` on.
    """
    while (found := _VALUE.search(rest)) is None and len(rest) < _MAX_ROW_BYTES:
        # The last row may be cut off, so it is left for the next round.
        row_no, rest = _up_to_last_row(rest, len(rest), row_no)
        piece = next(pieces)
        rest += piece
        if not piece:
            raise FileUnreadable(DAMAGED)
    return Skipped(*_up_to_last_row(rest, found.start() if found else 0, row_no))


def _up_to_last_row(xml: bytes, end: int, row_no: int) -> tuple[int, bytes]:
    """The number of the row before the last that begins before `end`, and the XML from that on."""
    begins = list(_ROW.finditer(xml, 0, end))
    for begin in begins[:-1]:
        number = _NUMBER.search(begin[0])
        row_no = int(number[1]) if number else row_no + 1
    return row_no, xml[begins[-1].start() :] if begins else xml
