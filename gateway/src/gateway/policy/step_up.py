"""Operations that require a second factor, shown a short time ago."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from common.identity import StepUp

OPERATION: Final = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/(?:[A-Za-z0-9._-]+|\{[a-z_]+\}))+")
_PARAMETER: Final = re.compile(r"\\\{[a-z_]+\\\}")


@dataclass(frozen=True, slots=True)
class StepUpOperations:
    """Operations by their method and path, written as in the OpenAPI."""

    wanted: StepUp
    paths: Mapping[str, re.Pattern[str]]

    @classmethod
    def of(cls, operations: Sequence[str], seconds: int) -> Self:
        paths: dict[str, list[str]] = {}
        for operation in operations:
            method, _, path = operation.partition(" ")
            pattern = _PARAMETER.sub("[^/]+", re.escape(path))
            paths.setdefault(method, []).append(pattern)
        return cls(
            StepUp(seconds), {method: re.compile("|".join(each)) for method, each in paths.items()}
        )

    def find(self, method: str, path: str) -> StepUp | None:
        """What this request requires."""
        pattern = self.paths.get("GET" if method == "HEAD" else method)
        return self.wanted if pattern is not None and pattern.fullmatch(path) else None
