"""Records what the registry answers to a call of every operation, as examples for its API.

IDs are numbered in the order in which they come up and times are those of the clock, so that two
recordings of one registry are the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MOST_ITEMS: Final = 2
CLERK: Final = "Faith Clerk"
# Version 7 and variant bits as RFC 9562 wants them; the rest counts.
NUMBERED: Final = "0199f3a2-7c1e-7000-8000-{:012x}"
MOMENT: Final = "2026-06-01T09:00:00Z"
# What is another in every run, by the name of its member.
SAME: Final = {
    "next_cursor": None,
    "plan": "9f2c61d0a4b8e37f5d10c2a6e8b4937d",
    "sequence": 1,
}
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_PERSON: Final = {"id", "name"}


@dataclass(slots=True)
class Recording:
    """Bodies by operation; `add` makes them the same in every run."""

    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    # By operation, so that one more changes no other's example.
    _numbers: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, operation: str, part: str, body: Any) -> None:
        """Keep the body of a request or of an answer, lists cut short."""
        numbers = self._numbers.setdefault(operation, {})
        self.bodies.setdefault(operation, {})[part] = _settled(body, numbers)


def _settled(value: Any, numbers: dict[str, str]) -> Any:
    if isinstance(value, Mapping):
        settled = {name: _settled(each, numbers) for name, each in value.items()}
        if settled.keys() == _PERSON and settled["name"] is None:
            settled["name"] = CLERK  # auth, which knows the names, does not run in these tests
        return settled | {name: same for name, same in SAME.items() if name in settled}
    if isinstance(value, list):
        return [_settled(each, numbers) for each in value[:MOST_ITEMS]]
    return _text(value, numbers) if isinstance(value, str) else value


def _text(value: str, numbers: dict[str, str]) -> str:
    def number(found: re.Match[str]) -> str:
        return numbers.setdefault(found.group(), NUMBERED.format(len(numbers) + 1))

    return _TIME.sub(MOMENT, _ID.sub(number, value))
