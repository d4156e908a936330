"""Which methods a path really takes, by the description of the API."""

import re
from collections.abc import Mapping
from typing import Any, Final

_VARIABLE: Final = re.compile(r"\{[^}]*\}")
_OPERATIONS: Final = ("get", "post", "put", "patch", "delete")


class PathMethods:
    """Looks a path up among the templates of a description; every GET is also a HEAD."""

    def __init__(self, paths: Mapping[str, Mapping[str, Any]]) -> None:
        self._exact = {path: _methods(item) for path, item in paths.items() if "{" not in path}
        self._templates = [
            (re.compile(_pattern(path)), _methods(item))
            for path, item in paths.items()
            if "{" in path
        ]

    def of(self, path: str) -> tuple[str, ...]:
        """The methods of all templates that match; none for a path that no operation has."""
        exact = self._exact.get(path, ())
        found = [methods for pattern, methods in self._templates if pattern.fullmatch(path)]
        return tuple(dict.fromkeys((*exact, *(each for methods in found for each in methods))))


def _methods(item: Mapping[str, Any]) -> tuple[str, ...]:
    named = tuple(name.upper() for name in _OPERATIONS if name in item)
    return ("GET", "HEAD", *named[1:]) if named[:1] == ("GET",) else named


def _pattern(path: str) -> str:
    return "[^/]+".join(re.escape(part) for part in _VARIABLE.split(path))
