"""Which totals and which single days together cover a stretch of days. Pure.

Halves of years and months have their totals; days at the edges are counted from the events.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from core_service.metrics.models import Level

# Both begin a half of a year; no event takes effect outside of them.
BEGINNING: Final = date(1, 1, 1)
END: Final = date(9999, 7, 1)
SECOND_HALF: Final = 7
DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from the first up to, and without, `until`."""

    first: date
    until: date


@dataclass(slots=True)
class Cover:
    """Totals by level, of what begins in the stretches, and the stretches of single days."""

    months: list[Stretch] = field(default_factory=list)
    halves: list[Stretch] = field(default_factory=list)
    days: list[Stretch] = field(default_factory=list)

    @property
    def totals(self) -> Sequence[tuple[Level, Sequence[Stretch]]]:
        return [(Level.MONTH, self.months), (Level.HALF, self.halves)]


def cover(bounds: Iterable[date]) -> Cover:
    """What covers each stretch between two days so that none is divided by another bound."""
    found = Cover()
    for first, until in pairwise(sorted(set(bounds))):
        _add(found, first, until)
    return found


def _add(found: Cover, first: date, until: date) -> None:
    begin, end = _month_from(first), until.replace(day=1)
    if begin >= end:
        found.days.append(Stretch(first, until))
        return
    _append(found.days, first, begin)
    _append(found.days, end, until)
    half_begin, half_end = _half_from(begin), _half_of(end)
    if half_begin >= half_end:
        found.months.append(Stretch(begin, end))
        return
    _append(found.months, begin, half_begin)
    found.halves.append(Stretch(half_begin, half_end))
    _append(found.months, half_end, end)


def _append(stretches: list[Stretch], first: date, until: date) -> None:
    if first < until:
        stretches.append(Stretch(first, until))


def _month_from(day: date) -> date:
    """The first day of a month on or after a day."""
    if day.day == 1:
        return day
    if day.month == DECEMBER:
        return date(day.year + 1, 1, 1)
    return date(day.year, day.month + 1, 1)


def _half_of(day: date) -> date:
    """The first day of the half year that a day falls in."""
    return date(day.year, SECOND_HALF if day.month >= SECOND_HALF else 1, 1)


def _half_from(day: date) -> date:
    """The first day of a half year on or after the first day of a month."""
    if day == _half_of(day):
        return day
    return date(day.year, SECOND_HALF, 1) if day.month < SECOND_HALF else date(day.year + 1, 1, 1)
