"""Case numbers: how they are written, and the normal form that makes a case unique.

A case is known by court, type, number and filing year, because numbers restart every year:
`HCCC E014 of 2025`. `E` marks an electronically filed case and belongs to the number. The grammar
here is the one that registration, returns and the lookup share.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from typing import Final
from uuid import UUID

E_FILED: Final = "E"
# Words around a number that are no part of it, in English and in Swahili.
FILLERS: Final = frozenset(
    {"OF", "NO", "NOS", "NUM", "NUMBER", "CASE", "CAUSE", "FILE", "REF", "YEAR"}
    | {"YA", "WA", "NA", "NAMBA", "NAMBARI", "KESI", "MWAKA"}
)
YEAR: Final = re.compile(r"(?:19|20)\d\d")
TWO_DIGITS: Final = 2
# Two digits from here on are a year of the last century: returns go back to 1960.
FIRST_SHORT_YEAR: Final = 60
DIGITS: Final = re.compile(r"\d+")
NEAR_DAYS: Final = 31
MAX_SERIAL_DIGITS: Final = 15

_WORD: Final = re.compile(r"\d+|[^\W\d_]+")
_DOT_IN_INITIALS: Final = re.compile(r"(?<![^\W_][A-Z])(?<=[A-Z])\.(?=[A-Z](?![^\W_]))")
_SPREADSHEET_INTEGER: Final = re.compile(r"(?<=\d)\.0+(?![\d.])")
# As a spreadsheet shows a large number in a format with thousands: `1,234`.
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,])")
_PLAIN: Final = re.compile(r"([A-Z]?)0*(\d+)([A-Z]?)", re.ASCII)
_WITH_LETTER_O: Final = re.compile(r"(?<![^\W_])([A-Z]*?E?)([O\d]*\d[O\d]*)(?![^\W_])")
_GLUED_OF: Final = re.compile(r"(?<=[\dO])(?:OF|YA)(?=[\dO])")
_YEAR_NAMED: Final = re.compile(r"(.+)-((?:19|20)\d\d)")
_E_NUMBER: Final = re.compile(r"E(?=\d)")
# Capitals of other scripts that look like Latin ones: Cyrillic, then Greek.
_LOOK_LIKE_LATIN: Final = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408\u0405"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ABEKMHOPCTXIJSABEZHIKMNOPTYX",
)


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
class Word:
    """Letters or digits of a written number; `glued` when nothing separates it from the last."""

    text: str
    glued: bool = False

    @property
    def is_digits(self) -> bool:
        return self.text.isdecimal()


Words = tuple[Word, ...]


def case_number(court_id: UUID, caseid_type: str, number: str, filed_year: int) -> CaseNumber:
    """The key of the case that a register of this type and year has under this number."""
    kind = normal_type(caseid_type)
    simple = _PLAIN.fullmatch(number)  # most are, and a return has many
    norm = "".join(simple.groups()) if simple else joined(_of_register(number, kind, filed_year))
    return CaseNumber(court_id, kind, norm, filed_year)


def display_number(caseid_type: str, number_raw: str, filed_year: int) -> str:
    """The number as people write it, however it was entered: `HCCC E014 of 2025`."""
    return f"{caseid_type} {_shown(caseid_type, number_raw, filed_year)} of {filed_year}"


@lru_cache(maxsize=4096)
def _shown(caseid_type: str, number_raw: str, filed_year: int) -> str:
    if _PLAIN.fullmatch(number_raw):
        return number_raw
    words = _of_register(number_raw, caseid_type, filed_year)
    between = ("/" if word.is_digits and last.is_digits else "" for last, word in _pairs(words))
    return "".join(f"{mark}{word.text}" for mark, word in zip(between, words, strict=True))


@lru_cache(maxsize=4096)
def normal_type(text: str) -> str:
    """Letters and digits in capitals: `H.C.C.C` → `HCCC`; words such as `No.` are left out."""
    found = words_of(text)
    return "".join(word.text for word in without_fillers(found) or found)


def normal_number(text: str) -> str:
    """Capitals without filling zeros or separators: `e-014` → `E14`; `12/3` stays apart: `12-3`."""
    return joined(without_fillers(words_of(text)))


def is_plain(text: str) -> bool:
    """Whether the number is digits with at most one letter before and after them: `E014`, `22`."""
    return _PLAIN.fullmatch(text) is not None


def serial(number_norm: str) -> int:
    """The counting part of a number, for order and for the next free one; 0 when it has none."""
    found = DIGITS.search(number_norm)
    return int(found[0]) if found and len(found[0]) <= MAX_SERIAL_DIGITS else 0


def next_number(prefix: str, highest_serial: int) -> str:
    """The next free number in the way registries write it: three digits or more."""
    return f"{prefix}{highest_serial + 1:03d}"


def without_or_with_e(number_norm: str) -> str | None:
    """The number without its E, or with one where it has none; None for a number of neither."""
    if _E_NUMBER.match(number_norm):
        return number_norm[1:]
    return f"{E_FILED}{number_norm}" if number_norm[:1].isdecimal() else None


@lru_cache(maxsize=8192)  # an import asks for each new case twice
def similar_numbers(number_norm: str) -> tuple[str, ...]:
    """Other numbers that may be a slip for this one, the likeliest first: the letter O for a zero,
    without the E, both.
    """
    start = 1 if _E_NUMBER.match(number_norm) else 0
    prefix, digits = number_norm[:start], number_norm[start:]
    zeros = [place for place, digit in enumerate(digits) if digit == "0"]
    with_o = [f"{digits[:place]}O{digits[place + 1 :]}" for place in zeros]
    with_o += [digits.replace("0", "O"), f"O{digits}", f"OO{digits}"]
    found = [normal_number(with_zeros(number_norm)), without_or_with_e(number_norm)]
    found += [prefix + each for each in with_o]
    found += [without_or_with_e(each) for each in found if each is not None]
    return tuple(each for each in dict.fromkeys(found) if each not in (None, number_norm))


def slips_for(number: CaseNumber) -> Iterator[CaseNumber]:
    """Keys of the same register that may be a slip for this one, but for those of other years."""
    court_id, kind, year = number.court_id, number.caseid_type, number.filed_year
    for norm in similar_numbers(number.number_norm):
        yield CaseNumber(court_id, kind, norm, year)
    named = year_named(number.number_norm)
    if named is not None:  # `E77/2025`, filed in 2026
        yield CaseNumber(court_id, kind, *named)
    yield CaseNumber(court_id, kind, f"{number.number_norm}-{year}", year + 1)


def slip_group(number: CaseNumber) -> int:
    """A number of 64 bits that a case shares with all whose numbers may be slips for its own."""
    named = year_named(number.number_norm)
    norm = (named[0] if named is not None else number.number_norm).removeprefix(E_FILED)
    same = norm.replace("O", "0").lstrip("0")
    text = f"{number.court_id}\x00{number.caseid_type}\x00{same}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def may_be_one_filing(one: date, other: date) -> bool:
    """Whether two filing dates of one number in two years may be those of one case.

    Numbers restart every year, so most are two cases: a slip of the year keeps day and month, or
    it happens about the year's end.
    """
    same_day = (one.month, one.day) == (other.month, other.day)
    return same_day or abs(one - other) <= timedelta(days=NEAR_DAYS)


def year_named(number_norm: str) -> tuple[str, int] | None:
    """The number and the year of a normal form that names another year than it was filed in."""
    found = _YEAR_NAMED.fullmatch(number_norm)
    return (found[1], int(found[2])) if found else None


def with_zeros(text: str) -> str:
    """The text with zeros for letters O among digits: `E33O` → `E330`."""
    apart = _GLUED_OF.sub(r" \g<0> ", plain(text))
    return _WITH_LETTER_O.sub(lambda found: found[1] + found[2].replace("O", "0"), apart)


def plain(text: str) -> str:
    """Latin capitals and ASCII digits for those that look so, without what is not seen."""
    shown = unicodedata.normalize("NFKC", text).upper()
    if shown.isascii():
        return shown
    return "".join(
        str(unicodedata.decimal(letter, letter))
        for letter in shown.translate(_LOOK_LIKE_LATIN)
        if unicodedata.category(letter) != "Cf"
    )


def words_of(text: str) -> Words:
    """The words of a written number: `H.C.C.C No.E074/2025` → HCCC NO E 074 2025."""
    cleaned = _SPREADSHEET_INTEGER.sub("", _DOT_IN_INITIALS.sub("", plain(text)))
    cleaned = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), cleaned)
    found, end = [], -1
    for match in _WORD.finditer(cleaned):
        found.append(Word(match[0], glued=match.start() == end))
        end = match.end()
    return tuple(found)


def without_fillers(words: Words) -> Words:
    found: list[Word] = []
    for last, word in _pairs(words):
        if word.text in FILLERS:
            continue
        after_filler = last.text in FILLERS
        found.append(replace(word, glued=False) if after_filler and word.glued else word)
    return tuple(found)


def years_of(words: Words) -> Iterator[tuple[int, int, Words]]:
    """The place of each word that may be the year, the year, and the others; the last first."""
    digits = [place for place, word in enumerate(words) if word.is_digits]
    if len(digits) < 2:  # noqa: PLR2004 - a number and a year
        return
    for place in reversed(digits):
        year = _year(words[place].text, is_last=place == digits[-1])
        if year is not None and _is_separate(words, place):
            yield place, year, words[:place] + words[place + 1 :]


def _year(text: str, *, is_last: bool) -> int | None:
    if YEAR.fullmatch(text):
        return int(text)
    if not is_last or len(text) != TWO_DIGITS:
        return None
    return int(text) + (1900 if int(text) >= FIRST_SHORT_YEAR else 2000)


def _is_separate(words: Words, place: int) -> bool:
    following = words[place + 1 : place + 2]
    return not words[place].glued and not any(word.glued for word in following)


def joined(words: Sequence[Word]) -> str:
    """The normal form of the words; digits that follow each other stay apart."""
    parts: list[str] = []
    for is_digits, run in groupby(words, key=lambda word: word.is_digits):
        texts = [word.text for word in run]
        if is_digits:
            parts.append("-".join(text.lstrip("0") or "0" for text in texts))
        elif "".join(texts) not in FILLERS:  # `N O 14`: the normal form is its own normal form
            parts.append("".join(texts))
    return "".join(parts)


def _of_register(number: str, kind: str, filed_year: int) -> Words:
    """The words of a number without the register's own type and year, where they are repeated."""
    words = without_fillers(words_of(number))
    for _, year, others in years_of(words):
        if year == filed_year:
            words = others
            break
    return _without_type(words, kind)


def _without_type(words: Words, kind: str) -> Words:
    """The words without a type before or after them, also glued: `HCSPLE77`."""
    spelled = ""
    for place, word in enumerate(words):
        rest = words[place + 1 :]
        spelled += word.text
        if not _has_digits(rest) or not kind.startswith(spelled[: len(kind)]):
            break
        if spelled == kind:
            return rest
        if spelled == kind + E_FILED and rest[0].is_digits:
            return (Word(E_FILED), *rest)
    if words and words[-1].text == kind and not words[-1].glued and _has_digits(words[:-1]):
        return words[:-1]
    return words


def _has_digits(words: Sequence[Word]) -> bool:
    return any(word.is_digits for word in words)


def _pairs(words: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Each word with the one before it."""
    return zip((Word(""), *words), words, strict=False)
