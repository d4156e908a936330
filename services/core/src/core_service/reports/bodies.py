"""The bodies of figures as tables: a line for each group and one for the totals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Body = Mapping[str, Any]
NOT_VALUES: Final = frozenset({"group", "cases_url"})
TOTAL: Final = "All"


@dataclass(frozen=True, slots=True)
class Line:
    """A group, None for the totals, and its values by their dotted names."""

    group: Mapping[str, Any] | None
    label: str
    values: Mapping[str, Any]

    @property
    def key(self) -> Any:
        """What the group is, whatever it was called then; None for the totals."""
        if self.group is None:
            return None
        return tuple(each["id"] if isinstance(each, dict) else each for each in self.group.values())


def lines_of(body: Body) -> list[Line]:
    """The lines of a figure, the totals last."""
    lines = [Line(item["group"], _label(item["group"]), flat(item)) for item in body["items"]]
    return [*lines, Line(None, TOTAL, flat(body["totals"]))]


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested values by dotted names: `clearance.numerator`."""
    return dict(_flat(values, ""))


def _flat(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if name in NOT_VALUES and not prefix:
            continue
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif not isinstance(value, list):
            yield f"{prefix}{name}", value


def _label(group: Mapping[str, Any]) -> str:
    """The group's name, without the court, which the whole report is about."""
    named = (group.get(name) for name in ("category", "case_type", "judge"))
    names = [each["name"] or "No judge" for each in named if each]
    return ", ".join(names) or "The court"
