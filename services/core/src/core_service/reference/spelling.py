"""How names are shown, and the normal form in which spellings of one thing compare equal."""

import unicodedata
from functools import lru_cache
from typing import Final

APOSTROPHES: Final = "'`\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"


@lru_cache(maxsize=65_536)
def normal_spelling(text: str) -> str:
    """Without case, accents, apostrophes, punctuation: `Example,Amina` → `example amina`."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = (
        # An apostrophe is part of a name that many leave out; other punctuation separates words.
        "" if unicodedata.combining(letter) or letter in APOSTROPHES else letter
        for letter in decomposed
    )
    spaced = "".join(letter if letter.isalnum() else " " for part in letters for letter in part)
    return " ".join(spaced.casefold().split())


def display_name(surname: str, given_names: str) -> str:
    """`Example, Amina Wanja`, as cause lists have it; the surname alone when there is no more."""
    return f"{surname}, {given_names}" if given_names else surname
