"""The 38 columns of a return, their older names, and the reading of a header line."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core_service.returns.files.limits import HEADER_LINES, SHOWN_CHARACTERS
from core_service.returns.issues import Issue, IssueCode

BENCH: Final = tuple(f"judge_{position}" for position in range(1, 8))
PARTIES: Final = tuple(
    f"{kind}_{side}"
    for side in ("applicant", "defendant")
    for kind in ("male", "female", "organization")
)
COLUMNS: Final = (
    "court",
    *("date_dd", "date_mon", "date_yyyy"),
    *("caseid_type", "caseid_no"),
    *("filed_dd", "filed_mon", "filed_yyyy"),
    *("original_court", "original_code", "original_number", "original_year"),
    "case_type",
    *BENCH,
    *("comingfor", "outcome", "reason_adj"),
    *("next_dd", "next_mon", "next_yyyy"),
    *PARTIES,
    "legalrep",
    *("applicant_witness", "defendant_witness"),
    "custody",
    "other_details",
)

# Without these no row can be understood; every other column may be absent and then counts as blank.
REQUIRED: Final = (
    "court",
    *("date_dd", "date_mon", "date_yyyy"),
    *("caseid_type", "caseid_no"),
    *("filed_dd", "filed_mon", "filed_yyyy"),
    *("case_type", "comingfor", "outcome"),
)

_PARTY_OF_OLD: Final = {
    "firstparty": "applicant",
    "fisrtparty": "applicant",
    "secondparty": "defendant",
}
_KIND_OF_OLD: Final = {"m": "male", "f": "female", "org": "organization"}
SYNONYMS: Final[Mapping[str, str]] = {
    "court_name": "court",
    "station": "court",
    **{f"bench_{position}": f"judge_{position}" for position in range(1, 8)},
    "origcourt": "original_court",
    "appeal_type": "original_code",
    "appeal_no": "original_number",
    "appeal_yyyy": "original_year",
    **{
        f"{old}_{letter}": f"{kind}_{side}"
        for old, side in _PARTY_OF_OLD.items()
        for letter, kind in _KIND_OF_OLD.items()
    },
    "p_witness": "applicant_witness",
    "d_witness": "defendant_witness",
    "defedant_witness": "defendant_witness",
}
LINE: Final = "line"
# What a row says besides its cells, under names that no column can have: its sheet, and where in
# the file a quote that is not closed begins, and in which column.
SHEET: Final = "#sheet"
QUOTE_LINE: Final = "#quote_line"
QUOTE_COLUMN: Final = "#quote_column"

MAX_NAME: Final = 64

# A line that names this many columns is the header, if perhaps an incomplete one.
_RECOGNISABLE: Final = 5
_SEPARATORS: Final = re.compile(r"[\s\-./]+")
_NOTE: Final = re.compile(r"\([^)]*\)?|\[[^\]]*\]?|[*:#].*", re.DOTALL)
# In a row these cells are numbers; in a title, a note or a header they are not.
_NUMBERS: Final = ("date_dd", "date_yyyy", "filed_dd", "filed_yyyy")
_YEAR_COLUMN: Final = "date_yyyy"
_ENOUGH: Final = 3  # of them, since one may be wrong
_NUMBER: Final = re.compile(r"\s*\d{1,5}(?:\.0*)?\s*")
_YEAR: Final = re.compile(r"\s*(?:19|20)\d\d(?:\.0*)?\s*")


@dataclass(frozen=True, slots=True)
class Header:
    """Which column each cell of a row belongs to; None for a cell that is ignored."""

    names: tuple[str | None, ...]
    issues: tuple[Issue, ...] = ()

    @property
    def is_usable(self) -> bool:
        return not any(
            issue.code in (IssueCode.HDR_MISSING, IssueCode.HDR_DUPLICATE) for issue in self.issues
        )

    def cells(self, values: Sequence[str]) -> dict[str, str]:
        """The row's cells by column, as they are in the file."""
        return {
            name: value for name, value in zip(self.names, values, strict=False) if name is not None
        }

    def has_year(self, values: Sequence[str]) -> bool:
        """Whether a line has a number where the activity's year is, as no header has."""
        at = self.names.index(_YEAR_COLUMN) if _YEAR_COLUMN in self.names else len(values)
        return at < len(values) and values[at][:1].isdigit()

    def is_row(self, values: Sequence[str]) -> bool:
        """Whether a line has numbers where the days and years of a return are."""
        cells = self.cells(values)
        return sum(bool(_NUMBER.fullmatch(cells.get(each, ""))) for each in _NUMBERS) >= _ENOUGH


def is_mark(name: str) -> bool:
    """Whether this names no cell of a row, but something about the row."""
    return name.startswith("#")


def known_columns(values: Sequence[str]) -> int:
    """How many columns of a return a line names."""
    return len(set(filter(None, map(column_of, values))))


def looks_like_header(values: Sequence[str]) -> bool:
    """Whether a line names enough columns to be taken for the header."""
    return known_columns(values) >= _RECOGNISABLE


def looks_like_line_of_return(values: Sequence[str]) -> bool:
    """Whether a line is a header, or a row whatever the header is."""
    if looks_like_header(values):
        return True
    return len(values) >= len(REQUIRED) - 1 and sum(map(bool, map(_YEAR.fullmatch, values))) > 1


def read_header(values: Sequence[str], *, court_is_known: bool = False) -> Header:
    """Map a header line to columns; issues name the mapped, unknown, duplicate and missing ones.

    A file that was sent for a court can do without the column of the court.
    """
    # Postgres cannot store U+0000, neither in a name nor in an issue about one.
    values = [value.replace("\x00", "\ufffd") for value in values]
    while values and not values[-1].strip():
        values.pop()
    plain = [_plain(value) for value in values]
    names = [
        None if index == 0 and name == LINE else _bounded(_canonical(value, name), index)
        for index, (value, name) in enumerate(zip(values, plain, strict=True))
    ]
    issues = [
        *_mapped(values, plain, names),
        *_unknown(values, names),
        *_duplicates(names),
        *_missing(names, court_is_known=court_is_known),
    ]
    return Header(tuple(names), tuple(issues))


def missing_header(why: str = "", *, court_is_known: bool = False) -> Header:
    """The header of a file in which none was found; `why` are sentences."""
    required = REQUIRED[1:] if court_is_known else REQUIRED
    message = (
        f"{why}None of the first {HEADER_LINES} lines names the columns of a return, which are at"
        f" least {', '.join(required)}, separated by commas, semicolons or tabs"
    )
    return Header((), (Issue(IssueCode.HDR_MISSING, message, suggestion=",".join(COLUMNS)),))


def _plain(value: str) -> str:
    return _SEPARATORS.sub("_", _visible(value).strip().casefold())


def _visible(value: str) -> str:
    """Without characters that show nothing, such as a soft hyphen."""
    if value.isascii():
        return value
    composed = unicodedata.normalize("NFKC", value)
    return "".join(each for each in composed if unicodedata.category(each) != "Cf")


def _squeezed(name: str) -> str:
    return "".join(filter(str.isalnum, name))


_BY_LETTERS: Final[Mapping[str, str]] = {
    **{_squeezed(old): name for old, name in SYNONYMS.items()},
    **{_squeezed(name): name for name in COLUMNS},
}


@lru_cache(maxsize=1024)
def column_of(value: str) -> str | None:
    """The column that a header's cell names, which may have a note or a line's end in it."""
    text = _visible(value).casefold()
    readings = (text, _NOTE.sub(" ", text), *text.splitlines())
    return next(filter(None, (_BY_LETTERS.get(_squeezed(each)) for each in readings)), None)


def _canonical(value: str, plain: str) -> str:
    return column_of(value) or plain


def _bounded(name: str, index: int) -> str:
    """The name, unless it is blank, reserved, or so long that it would make every row large."""
    usable = name and len(name) <= MAX_NAME and not is_mark(name)
    return name if usable else f"column_{index + 1}"


def _mapped(
    values: Sequence[str], plain: Sequence[str], names: Sequence[str | None]
) -> list[Issue]:
    return [
        Issue(
            IssueCode.HDR_MAPPED,
            f"Read as the column {name}",
            column=name,
            value=value.strip()[:SHOWN_CHARACTERS],
        )
        for value, before, name in zip(values, plain, names, strict=True)
        if name in COLUMNS and name != before
    ]


def _unknown(values: Sequence[str], names: Sequence[str | None]) -> list[Issue]:
    return [
        Issue(
            IssueCode.HDR_UNKNOWN,
            "Not a column of a return; its cells are stored but not used",
            value=value.strip()[:SHOWN_CHARACTERS],
        )
        for value, name in zip(values, names, strict=True)
        if name is not None and name not in COLUMNS and value.strip()
    ]


def _duplicates(names: Sequence[str | None]) -> list[Issue]:
    counted = Counter(name for name in names if name in COLUMNS)
    return [
        Issue(IssueCode.HDR_DUPLICATE, f"{times} columns are named {name}", column=name)
        for name, times in counted.items()
        if times > 1
    ]


def _missing(names: Sequence[str | None], *, court_is_known: bool) -> list[Issue]:
    return [
        Issue(IssueCode.HDR_MISSING, f"The column {name} is missing", column=name)
        for name in REQUIRED
        if name not in names and not (court_is_known and name == "court")
    ]
