"""Ranks the cases that a typed number may mean, and says why each matched."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core_service.cases.models import Case
from core_service.cases.numbers import NumberQuery


class MatchedBy(StrEnum):
    """Which parts of the number agree."""

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
# The type was typed and is another: the number may have been misfiled, but it is a long shot.
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
