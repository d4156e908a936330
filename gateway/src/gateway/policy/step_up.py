"""Operations that require a second factor, shown a short time ago."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from common.identity import StepUp

OPERATION: Final = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/(?:[A-Za-z0-9._-]+|\{[a-z_]+\}))+")
# What gives access to others. Auth itself asks for more where an account could be taken over.
DEFAULT_OPERATIONS: Final = (
    *("POST /api/v1/users/{user_id}/grants", "PATCH /api/v1/users/{user_id}/grants/{grant_id}"),
    *("POST /api/v1/group-mappings", "POST /api/v1/users/{user_id}/anonymise"),
    *("POST /api/v1/service-clients", "PATCH /api/v1/service-clients/{client_key}"),
    "POST /api/v1/service-clients/{client_key}/rotate-secret",
)
_PARAMETER: Final = re.compile(r"\\\{[a-z_]+\\\}")


@dataclass(frozen=True, slots=True)
class StepUpOperations:
    """Operations by their method and path, written as in the OpenAPI."""

    wanted: StepUp
    paths: Mapping[str, re.Pattern[str]]

    @classmethod
    def of(cls, operations: Sequence[str] | None, seconds: int) -> Self:
        """Those of the settings for everybody, else the default for who has a second factor."""
        of_enrolled = operations is None
        if operations is None:
            operations = DEFAULT_OPERATIONS
        paths: dict[str, list[str]] = {}
        for operation in operations:
            method, _, path = operation.partition(" ")
            pattern = _PARAMETER.sub("[^/]+", re.escape(path))
            paths.setdefault(method, []).append(pattern)
        patterns = {method: re.compile("|".join(each)) for method, each in paths.items()}
        return cls(StepUp(seconds, of_enrolled), patterns)

    def find(self, method: str, path: str) -> StepUp | None:
        """What this request requires."""
        pattern = self.paths.get("GET" if method == "HEAD" else method)
        return self.wanted if pattern is not None and pattern.fullmatch(path) else None
