"""Codes that people read from paper and type: characters, groups, and what of them is compared."""

import re
import secrets
from typing import Final

# Without I, L, O and U, which are read or typed wrongly (Crockford's base 32).
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP: Final = 4
_MISREAD: Final = str.maketrans("ILO", "110")
_SEPARATORS: Final = re.compile(r"[\s-]+")


def new_code(characters: int) -> str:
    """A random code in groups of four; each character has 5 bits."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(characters))
    return "-".join(text[at : at + GROUP] for at in range(0, characters, GROUP))


def without_separators(code: str) -> str:
    return _SEPARATORS.sub("", code)


def plain_code(typed: str) -> str:
    """A code as it is compared, however it is typed."""
    return without_separators(typed).upper().translate(_MISREAD)
