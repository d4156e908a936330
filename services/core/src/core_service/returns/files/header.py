"""The 38 columns of a return, their older names, and the reading of a header line."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core_service.returns.files.limits import SHOWN_CHARACTERS
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

MAX_NAME: Final = 64

# A line that names this many columns is the header, if perhaps an incomplete one.
_RECOGNISABLE: Final = 5
_SEPARATORS: Final = re.compile(r"[\s\-.]+")


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


def looks_like_header(values: Sequence[str]) -> bool:
    """Whether a line names enough columns to be taken for the header."""
    known = {_canonical(_plain(value)) for value in values} & set(COLUMNS)
    return len(known) >= _RECOGNISABLE


def read_header(values: Sequence[str]) -> Header:
    """Map a header line to columns; issues name the mapped, unknown, duplicate and missing ones."""
    # Postgres cannot store U+0000, neither in a name nor in an issue about one.
    values = [value.replace("\x00", "\ufffd") for value in values]
    plain = [_plain(value) for value in values]
    names = [
        None if (not name or (index == 0 and name == LINE)) else _bounded(_canonical(name), index)
        for index, name in enumerate(plain)
    ]
    issues = [
        *_mapped(values, plain, names),
        *_unknown(values, names),
        *_duplicates(names),
        *_missing(names),
    ]
    return Header(tuple(names), tuple(issues))


def missing_header() -> Header:
    """The header of a file in which none was found."""
    message = "No line of the file names the columns of a return"
    return Header((), (Issue(IssueCode.HDR_MISSING, message, suggestion=",".join(COLUMNS)),))


def _plain(value: str) -> str:
    return _SEPARATORS.sub("_", value.strip().casefold())


def _canonical(name: str) -> str:
    return SYNONYMS.get(name, name)


def _bounded(name: str, index: int) -> str:
    """The name, cut where it is so long that it would make every stored row large."""
    return name if len(name) <= MAX_NAME else f"column_{index + 1}"


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
        if name is not None and name != before and name == _canonical(before)
    ]


def _unknown(values: Sequence[str], names: Sequence[str | None]) -> list[Issue]:
    return [
        Issue(
            IssueCode.HDR_UNKNOWN,
            "Not a column of a return; its cells are stored but not used",
            value=value.strip()[:SHOWN_CHARACTERS],
        )
        for value, name in zip(values, names, strict=True)
        if name is not None and name not in COLUMNS
    ]


def _duplicates(names: Sequence[str | None]) -> list[Issue]:
    counted = Counter(name for name in names if name in COLUMNS)
    return [
        Issue(IssueCode.HDR_DUPLICATE, f"{times} columns are named {name}", column=name)
        for name, times in counted.items()
        if times > 1
    ]


def _missing(names: Sequence[str | None]) -> list[Issue]:
    return [
        Issue(IssueCode.HDR_MISSING, f"The column {name} is missing", column=name)
        for name in REQUIRED
        if name not in names
    ]
