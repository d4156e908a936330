"""Lines below the header that are no rows of a return: totals, signatures, titles, notes.

Only a row that is refused is looked at, so a row that can be applied is never taken for one. Of a
row with faults there is more: days, a number, a purpose. Where that is so, its faults are named.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from core_service.reference.spelling import normal_spelling
from core_service.returns.files.header import QUOTE_LINE, REQUIRED, is_mark
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judging.cells import MAX_DAY, month_number, whole_number

DAYS: Final = ("date_dd", "filed_dd")
MONTHS: Final = ("date_mon", "filed_mon")
YEARS: Final = ("date_yyyy", "filed_yyyy")
TEXTS: Final = ("caseid_type", "case_type", "comingfor", "outcome", "judge_1")
# So many cells of a row make it one with faults; a line that begins with such a word may have two.
ENOUGH: Final = 2
WORDS: Final = re.compile(
    r"(?:(?:grand|sub|net|over ?all) ?)?totals?|jumla|sum"
    r"|(?:prepared|compiled|checked|verified|approved|submitted|received|signed|certified) by"
    r"|sign(?:ed|ature)?|sahihi|stamp|designation|notes?|nb|remarks|key|page|end of|continued"
)
_WORD: Final = re.compile(rf"(?:{WORDS.pattern})\b")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:\.0*)?")
_PIECES: Final = re.compile(r"[,;|^\s]+")
MOST_SHOWN: Final = 80


def other_line(cells: Mapping[str, str]) -> Issue | None:
    """The one issue of a refused row that is no row; None when it is one."""
    filled = [text for name, text in cells.items() if text and not is_mark(name)]
    if not filled or QUOTE_LINE in cells or _is_row(cells, filled):
        return None
    shown = " ".join(filled)[:MOST_SHOWN]
    message = (
        f"Not a row of a return but a total, a signature, a title or a note: {shown}. It tells"
        " of no case, day and purpose; if it is a row, fill these in"
    )
    return Issue(IssueCode.NOT_A_ROW, message, value=shown)


def _is_row(cells: Mapping[str, str], filled: list[str]) -> bool:
    if _are_numbers_of_columns(filled):
        return False
    if _has_two_dates(_PIECES.split(",".join(filled))):
        return True
    at_most = ENOUGH if _WORD.match(normal_spelling(filled[0])) else ENOUGH - 1
    return sum(_evidence(cells)) > at_most


def _has_two_dates(pieces: list[str]) -> bool:
    """Whether there are days and years as in a row that is in one cell, or in others' columns."""
    years = sum(_YEAR.fullmatch(piece) is not None for piece in pieces)
    days = sum(map(_is_day, pieces))
    return len(pieces) >= len(REQUIRED) - 1 and years >= ENOUGH and days >= ENOUGH


def _is_day(text: str) -> bool:
    return 1 <= (whole_number(text) or 0) <= MAX_DAY


def _evidence(cells: Mapping[str, str]) -> Iterator[bool]:
    """For each cell that only rows have: whether this one has it."""
    for column in DAYS:
        yield _is_day(cells.get(column, ""))
    for column in MONTHS:
        yield month_number(cells.get(column, "")) is not None
    for column in YEARS:
        yield _YEAR.fullmatch(cells.get(column, "")) is not None
    yield any(map(str.isdigit, cells.get("caseid_no", "")))
    for column in TEXTS:
        yield bool(normal_spelling(cells.get(column, "")))


def _are_numbers_of_columns(filled: list[str]) -> bool:
    """Whether the line numbers the columns from 1 on, as printed forms do."""
    numbers = [whole_number(text) for text in filled]
    return len(numbers) >= len(REQUIRED) and numbers == list(range(1, len(numbers) + 1))
