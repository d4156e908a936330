"""Pages of which origins may read our answers, by exact name or anchored expression."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

REGEX: Final = "regex:"
_MAX_ORIGIN_BYTES: Final = 512


class Origins:
    """The allow-list; `*` among the origins allows every page, and so no credentials."""

    def __init__(self, origins: Iterable[str]) -> None:
        exact, patterns = split_origins(tuple(origins))
        self._exact = frozenset(origin.encode() for origin in exact)
        self._patterns = tuple(re.compile(pattern.encode(), re.ASCII) for pattern in patterns)
        self._any = b"*" in self._exact

    def allows(self, origin: bytes | None) -> bool:
        """Whether pages of this origin may read our answers."""
        if origin is None or len(origin) > _MAX_ORIGIN_BYTES:
            return False
        if self._any or origin in self._exact:
            return True
        return any(pattern.fullmatch(origin) for pattern in self._patterns)


def split_origins(origins: Sequence[str]) -> tuple[list[str], list[str]]:
    """The exact origins, and the expressions without their mark."""
    exact = [each for each in origins if not each.startswith(REGEX)]
    patterns = [each.removeprefix(REGEX) for each in origins if each.startswith(REGEX)]
    return exact, patterns
