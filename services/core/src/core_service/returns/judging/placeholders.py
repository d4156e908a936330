"""What people write where there is nothing to say: such a cell is blank.

Not `Not Yet Assigned` and its like: those are judges of the cadre `placeholder`, which is data. Nor
is a word of this list a placeholder where the registry has something of that name.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from core_service.reference.spelling import normal_spelling
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judging.cells import CACHED, whole_number

# Compared as names are, without case and punctuation: `N/A` and `n.a.` are both `n a`.
PLACEHOLDERS: Final = frozenset(
    {"na", "n a", "nil", "nill", "none", "null", "nan", "nat", "blank", "empty", "nothing"}
    | {"tba", "tbc", "tbd", "t b a", "t b c", "t b d"}
    | {f"to be {word}" for word in ("advised", "allocated", "announced", "assigned", "confirmed")}
    | {f"not {word}" for word in ("allocated", "applicable", "assigned", "available", "given")}
    | {f"not {word}" for word in ("indicated", "known", "provided", "recorded", "specified")}
    | {"not stated", "unassigned", "unknown", "unspecified"}
    | {"hakuna", "haijulikani", "bado"}  # none, not known, not yet: Swahili
)
NULL_OF_DATABASES: Final = r"\N"


@lru_cache(maxsize=CACHED)
def is_placeholder(text: str) -> bool:
    """Whether the text is a word for nothing."""
    return text == NULL_OF_DATABASES or normal_spelling(text) in PLACEHOLDERS


@lru_cache(maxsize=CACHED)
def says_nothing(text: str) -> bool:
    """Whether the text is blank, punctuation such as `-`, or a word for nothing."""
    return not normal_spelling(text) or is_placeholder(text)


@lru_cache(maxsize=CACHED)
def names_nothing(text: str) -> bool:
    """Whether a name is blank, punctuation, or the 0 that older templates have for nothing."""
    return not normal_spelling(text) or whole_number(text) == 0


def numbers_nothing(text: str) -> bool:
    """Whether a part of a case's number is blank, a word for nothing, or 0."""
    return says_nothing(text) or names_nothing(text)


def read_as_blank(cells: Mapping[str, str]) -> Issue | None:
    """One issue about the cells of a row, by column, that hold a placeholder."""
    if not cells:
        return None
    column, text = next(iter(cells.items()))
    message = f"{text} stands for nothing; read as blank: {', '.join(cells)}"
    return Issue(IssueCode.CELL_PLACEHOLDER, message, column, text)


def seats_left_empty(cells: Mapping[str, str]) -> Issue | None:
    """The same about the judges of a row."""
    if not cells:
        return None
    column, text = next(iter(cells.items()))
    message = f"{text} is not a judge; the seat is left empty: {', '.join(cells)}"
    return Issue(IssueCode.JUDGE_PLACEHOLDER, message, column, text)


def required(column: str, text: str) -> Issue:
    """The issue about a cell that must not be blank, and what it holds instead of a value."""
    held = f"; {text} stands for nothing" if text else ""
    return Issue(IssueCode.REQ_BLANK, f"{column} must not be blank{held}", column, text or None)
