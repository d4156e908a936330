"""Finding cases by any spelling of a number: what a text may mean, and how well a case fits.

A text is read in several ways, the likeliest first, and every reading is a step in an index. What
is guessed, such as an E that was left out, comes after what was written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from core_service.cases.models import Case
from core_service.cases.numbers import (
    E_FILED,
    YEAR,
    Word,
    Words,
    joined,
    plain,
    with_zeros,
    without_fillers,
    without_or_with_e,
    words_of,
    years_of,
)

MOST_READINGS: Final = 20
SHORTEST_TYPE: Final = 2
YEAR_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A number in normal form with its year, if one was given; `guessed` beyond what is written."""

    number_norm: str
    filed_year: int | None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class NumberQuery:
    """What a text may mean, the likeliest reading first, and the types that it may name."""

    readings: tuple[Reading, ...]
    caseid_types: tuple[str, ...] = ()

    def reading_of(self, case: Case) -> tuple[int, Reading] | None:
        """The first reading that fits the case, with its place."""
        return next(
            (
                (place, reading)
                for place, reading in enumerate(self.readings)
                if reading.number_norm == case.number_norm
                and reading.filed_year in (None, case.filed_year)
            ),
            None,
        )


def parse_query(text: str) -> NumberQuery | None:
    """Read any spelling: `HCCC/E014/2025`, `hccc e14 of 2025`, `E14/2025`; None: no number."""
    written = list(_read(words_of(text)))
    zeros = with_zeros(text)
    corrected = [] if zeros == plain(text) else list(_read(words_of(zeros)))
    if not written and not corrected:
        return None
    types = dict.fromkeys(kind for each in (*written, *corrected) for kind in each.types)
    return NumberQuery(tuple(islice(_distinct(written, corrected), MOST_READINGS)), tuple(types))


@dataclass(frozen=True, slots=True)
class _Parsed:
    """One way to divide the words into type, number and year."""

    types: tuple[str, ...]
    reading: Reading


def _distinct(written: Sequence[_Parsed], corrected: Sequence[_Parsed]) -> Iterator[Reading]:
    seen: set[tuple[str, int | None]] = set()
    found = [each.reading for each in written]
    guesses = [each.reading for each in corrected]
    toggled = [
        Reading(other, reading.filed_year, guessed=True)
        for reading in (*found, *guesses)
        if (other := without_or_with_e(reading.number_norm)) is not None
    ]
    corrections = [Reading(each.number_norm, each.filed_year, guessed=True) for each in guesses]
    for reading in sorted((*found, *corrections, *toggled), key=lambda each: each.guessed):
        key = (reading.number_norm, reading.filed_year)
        if key not in seen:
            seen.add(key)
            yield reading


def _read(words: Words) -> Iterator[_Parsed]:
    """The readings of a text, the likeliest first."""
    words_left = without_fillers(words)
    divided = [
        (year, others, YEAR.fullmatch(words_left[at].text))
        for at, year, others in years_of(words_left)
    ]
    # The year of four digits before one of two: `2025/22` is 22 of 2025.
    for year, others, _ in sorted(divided, key=lambda each: not each[2]):
        yield from _numbers(others, year, guessed=False)
    # Digits that are not surely a year may belong to the number.
    certain = any(four_digits for _, _, four_digits in divided)
    yield from _numbers(words_left, None, guessed=certain)
    if not divided:
        yield from _year_glued_on(words_left)


def _year_glued_on(words: Words) -> Iterator[_Parsed]:
    """`HCCCE0742025`: the last four digits may be the year."""
    if words and words[-1].is_digits and YEAR.fullmatch(words[-1].text[-YEAR_DIGITS:]):
        rest = words[-1].text[:-YEAR_DIGITS]
        others = (*words[:-1], Word(rest, words[-1].glued)) if rest else words[:-1]
        yield from _numbers(others, int(words[-1].text[-YEAR_DIGITS:]), guessed=True)


def _numbers(words: Words, year: int | None, *, guessed: bool) -> Iterator[_Parsed]:
    first = next((place for place, word in enumerate(words) if word.is_digits), None)
    if first is None:
        return
    lead, number, trail = _divided(words, first)
    types = [*_types((*lead, *trail))]
    if lead and lead[-1] != words[first - 1] and words[first - 1].text != E_FILED:
        types += _types(words[:first])  # `HCCE014`: the E may be the type's
    yield _Parsed(tuple(types), Reading(joined(number), year, guessed))
    if lead:  # `HCCC COMM E330`: the letters may be part of the number
        longer = joined((lead[-1], *number))
        yield _Parsed(tuple(_types(lead[:-1])), Reading(longer, year, guessed))


def _divided(words: Words, first: int) -> tuple[Words, Words, Words]:
    """The words before the number, those of the number, and those after it."""
    lead, rest = list(words[:first]), list(words[first:])
    last = lead[-1] if lead else Word("")
    if last.text == E_FILED or (len(last.text) == 1 and rest[0].glued):
        rest.insert(0, lead.pop())
    elif rest[0].glued and last.text.endswith(E_FILED) and len(last.text) > SHORTEST_TYPE:
        lead[-1] = Word(last.text.removesuffix(E_FILED), last.glued)
        rest.insert(0, Word(E_FILED))
    after = [
        word
        for word in rest[1:]
        if not word.is_digits and not word.glued and len(word.text) >= SHORTEST_TYPE
    ]
    return tuple(lead), tuple(word for word in rest if word not in after), tuple(after)


def _types(words: Sequence[Word]) -> Iterator[str]:
    """What may be the type: words that follow each other, together first. A place is none."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            yield "".join(word.text for word in words[start : start + length])


class MatchedBy(StrEnum):
    TYPE_NUMBER_YEAR = "type_number_year"
    NUMBER_YEAR = "number_year"
    TYPE_NUMBER = "type_number"
    NUMBER = "number"
    SIMILAR_NUMBER = "similar_number"


SCORES: Final = {
    MatchedBy.TYPE_NUMBER_YEAR: 1.0,
    MatchedBy.NUMBER_YEAR: 0.8,
    MatchedBy.TYPE_NUMBER: 0.7,
    MatchedBy.NUMBER: 0.5,
}
# Another type than the one given: the number may have been misfiled, but rarely is.
OTHER_TYPE_FACTOR: Final = 0.5
# A number that was guessed, in the register that was named, comes before one of another register.
GUESSED_FACTOR: Final = 0.6


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
    fitting = query.reading_of(case)
    reading = fitting[1] if fitting else Reading(case.number_norm, None, guessed=True)
    same_type = case.caseid_type in query.caseid_types
    if reading.filed_year is not None:
        matched_by = MatchedBy.TYPE_NUMBER_YEAR if same_type else MatchedBy.NUMBER_YEAR
    else:
        matched_by = MatchedBy.TYPE_NUMBER if same_type else MatchedBy.NUMBER
    score = SCORES[matched_by]
    if query.caseid_types and not same_type:
        score *= OTHER_TYPE_FACTOR
    if reading.guessed:
        return LookupMatch(case, MatchedBy.SIMILAR_NUMBER, score * GUESSED_FACTOR)
    return LookupMatch(case, matched_by, score)
