"""Why no header was found in a file, in words, as far as its first lines and its sheets show."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from core_service.returns.files.encodings import SEPARATORS
from core_service.returns.files.header import COLUMNS, Header, looks_like_header
from core_service.returns.files.limits import Line
from core_service.returns.files.tables import NAMED, Table, values_of

_BLANKS: Final = re.compile(r"\s+")
_IN_ORDER: Final = Header(COLUMNS)


def why_no_header(tables: Sequence[Table], hidden: Sequence[str]) -> Iterator[str]:
    """Sentences about what the file is instead; none where that does not show."""
    lines = [values_of(item) for table in tables for item in table.head]
    if any(map(_is_row, lines)):
        yield "The first lines are rows; the line above them that names their columns is missing."
    elif any(map(_is_separated_by_blanks, lines)):
        yield "The columns are separated by blanks, or of a fixed width; save it as CSV."
    filled = [str(table.name) for table in tables if table.name is not None and not table.is_empty]
    if filled:
        yield f"No sheet that is shown has the columns of a return: {_listed(filled)}."
    if hidden:
        yield f"Hidden sheets are not read; show the one with the return: {_listed(hidden)}."
    elif tables and all(table.is_empty for table in tables):
        names = [table.name for table in tables]
        yield "The lines are blank." if None in names else "The workbook's sheets have no cells."


def _is_row(line: Line) -> bool:
    text = ",".join(line)
    return any(_IN_ORDER.is_row(text.split(each)) for each in SEPARATORS)


def _is_separated_by_blanks(line: Line) -> bool:
    return looks_like_header(_BLANKS.split(" ".join(line)))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
