"""Case numbers: the normal form that makes a case unique, and finding cases by any spelling.

A case is known by court, type, number and filing year, because numbers restart every year:
`HCCC E014 of 2025`. `E` marks an electronically filed case and belongs to the number.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from core_service.cases.models import Case

E_FILED: Final = "E"
YEAR: Final = re.compile(r"(?:19|20)\d\d")
SPREADSHEET_INTEGER: Final = re.compile(r"(\d+)\.0+")
DIGITS: Final = re.compile(r"\d+")
GLUED: Final = re.compile(r"([A-Z]{2,}?)(E?\d.*)")
NOISE: Final = frozenset({"OF", "NO", "NUM", "NUMBER", "CASE", "CAUSE"})
MAX_SERIAL_DIGITS: Final = 15


@dataclass(frozen=True, slots=True, order=True)
class CaseNumber:
    """The unique key of a case, in normal form; build with `case_number`.

    The order is that in which new cases are registered, not one that people would sort them in.
    """

    court_id: UUID
    caseid_type: str
    number_norm: str
    filed_year: int


@dataclass(frozen=True, slots=True)
class NumberQuery:
    """A number to find a case by; type and year may be missing."""

    caseid_type: str | None
    number_norm: str
    filed_year: int | None


def case_number(court_id: UUID, caseid_type: str, number: str, filed_year: int) -> CaseNumber:
    return CaseNumber(court_id, normal_type(caseid_type), normal_number(number), filed_year)


def display_number(caseid_type: str, number_raw: str, filed_year: int) -> str:
    """The number as people write it: `HCCC E014 of 2025`."""
    return f"{caseid_type} {number_raw} of {filed_year}"


def normal_type(text: str) -> str:
    """Letters and digits in capitals: `H.C.C.C` → `HCCC`."""
    return "".join(letter for letter in _plain(text) if letter.isalnum())


def normal_number(text: str) -> str:
    """Capitals without filling zeros or separators: `e-014` → `E14`; `12/3` stays apart: `12-3`."""
    plain = _plain(text).strip()
    integer = SPREADSHEET_INTEGER.fullmatch(plain)
    groups = re.findall(r"\d+|[^\W\d_]+", integer[1] if integer else plain)
    parts: list[str] = []
    for group in groups:
        if group.isdigit() and parts and parts[-1].isdigit():
            parts.append("-")
        parts.append(group.lstrip("0") or "0" if group.isdigit() else group)
    return "".join(parts)


def serial(number_norm: str) -> int:
    """The counting part of a number, for order and for the next free one; 0 when it has none."""
    found = DIGITS.search(number_norm)
    return int(found[0]) if found and len(found[0]) <= MAX_SERIAL_DIGITS else 0


def next_number(prefix: str, highest_serial: int) -> str:
    """The next free number in the way registries write it: three digits or more."""
    return f"{prefix}{highest_serial + 1:03d}"


def parse_query(text: str) -> NumberQuery | None:
    """Read any spelling: `HCCC/E014/2025`, `hccc e14 of 2025`, `E14/2025`; None: no number."""
    words = [word for word in re.split(r"[\s/,]+", _plain(text)) if word.strip(".")]
    words = [word for word in words if word.strip(".") not in NOISE]
    year = None
    if len(words) > 1 and YEAR.fullmatch(words[-1]):
        year = int(words.pop())
    caseid_type, number = _split_type(words)
    norm = normal_number(number)
    return NumberQuery(caseid_type, norm, year) if DIGITS.search(norm) else None


def _split_type(words: list[str]) -> tuple[str | None, str]:
    """Type and number from the words before the year; they may be glued: `HCCCE014`."""
    first = next((place for place, word in enumerate(words) if DIGITS.search(word)), len(words))
    lead, rest = words[:first], words[first:]
    if not lead and rest:
        glued = GLUED.fullmatch(rest[0])
        if glued:
            lead, rest = [glued[1]], [glued[2], *rest[1:]]
    if len(lead) > 1 and lead[-1] == "E":  # `HCCC E 14`
        rest = [lead.pop(), *rest]
    if lead == ["E"]:  # `E 14`
        lead, rest = [], ["E", *rest]
    return normal_type("".join(lead)) or None, "".join(rest)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


class MatchedBy(StrEnum):
    TYPE_NUMBER_YEAR = "type_number_year"
    NUMBER_YEAR = "number_year"
    TYPE_NUMBER = "type_number"
    NUMBER = "number"


SCORES: Final = {
    MatchedBy.TYPE_NUMBER_YEAR: 1.0,
    MatchedBy.NUMBER_YEAR: 0.8,
    MatchedBy.TYPE_NUMBER: 0.7,
    MatchedBy.NUMBER: 0.5,
}
# Another type than the one given: the number may have been misfiled, but rarely is.
OTHER_TYPE_FACTOR: Final = 0.5


@dataclass(frozen=True, slots=True)
class LookupMatch:
    """One case that a number may mean; the score runs from 0 to 1."""

    case: Case
    matched_by: MatchedBy
    score: float


def rank(query: NumberQuery, found: Sequence[Case]) -> list[LookupMatch]:
    """Matches, the likeliest first; among equals the order in which they were found."""
    matches = [_match(query, case) for case in found]
    return sorted(matches, key=lambda match: -match.score)


def _match(query: NumberQuery, case: Case) -> LookupMatch:
    same_type = query.caseid_type == case.caseid_type
    if query.filed_year is not None:
        matched_by = MatchedBy.TYPE_NUMBER_YEAR if same_type else MatchedBy.NUMBER_YEAR
    else:
        matched_by = MatchedBy.TYPE_NUMBER if same_type else MatchedBy.NUMBER
    other_type = query.caseid_type is not None and not same_type
    return LookupMatch(
        case, matched_by, SCORES[matched_by] * (OTHER_TYPE_FACTOR if other_type else 1)
    )
