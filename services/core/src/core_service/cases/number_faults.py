"""Texts that are not the number of one case."""

import re
from dataclasses import dataclass
from typing import Final

from core_service.cases.numbers import normal_number, plain

LOST: Final = "\ufffd"
_ROUNDED: Final = re.compile(r"\s*\d+(?:\.\d+)?E\+\d+\s*")
_E_NUMBER: Final = re.compile(r"(?<![^\W\d_])E[\W_]*0*(\d+)")
_AND: Final = re.compile(r"\d.*(?:&|\bAND\b).*\d", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NumberFault:
    """Why the text is not a number, in words, and which number may be meant."""

    message: str
    meant: str | None = None


def number_fault(text: str) -> NumberFault | None:
    """What keeps this text from being the number of one case."""
    if LOST in text:
        return NumberFault("Characters of the number are lost; it may be that of another case")
    shown = plain(text)
    if _ROUNDED.fullmatch(shown):
        message = "A spreadsheet has rounded the number; its last digits may be others"
        return NumberFault(message, f"{float(shown):.0f}")
    if _AND.search(shown) or len(set(_E_NUMBER.findall(shown))) > 1:
        return NumberFault("The cell has the numbers of several cases; write one row for each")
    if not any(map(str.isdigit, normal_number(text))):
        return NumberFault("A case number has a digit in it")
    return None
