"""Invents case histories: the same for the same day and number, so that a demo can be repeated."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

OLDEST_DAYS: Final = 900
MOST_STEPS: Final = 4
CLOSING_SHARE: Final = 0.6
PAUSING_SHARE: Final = 0.06
REOPENING_SHARE: Final = 0.12
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class InventedStep:
    """One activity, in the words of the vocabulary."""

    on: date
    activity_type: str
    outcome: str
    reason: str | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class InventedCase:
    """A case and its history; the first step registers it."""

    caseid_type: str
    number: str
    case_type: str
    filed_on: date
    judge: int
    parties: tuple[int, ...]
    custody_count: int
    steps: tuple[InventedStep, ...]


def invent(plan: dict[str, Any], today: date, count: int) -> Iterator[InventedCase]:
    """`count` cases up to today, in the order of filing."""
    chance = Random(plan["seed"])  # noqa: S311 - a repeatable invention, nothing secret
    filings = sorted(chance.randrange(1, OLDEST_DAYS) for _ in range(count))
    serials: dict[tuple[str, int], int] = {}
    shares = [register["share"] for register in plan["registers"]]
    for days_ago in reversed(filings):
        register = chance.choices(plan["registers"], shares)[0]
        filed_on = _sitting_day(today - timedelta(days=days_ago))
        key = (register["caseid_type"], filed_on.year)
        serials[key] = serials.get(key, 0) + 1
        yield InventedCase(
            caseid_type=register["caseid_type"],
            number=f"E{serials[key]:03d}",
            case_type=register["case_type"],
            filed_on=filed_on,
            judge=chance.randrange(100),
            parties=tuple(chance.choice((0, 1, 1, 2)) for _ in range(6)),
            custody_count=int(register["custody"] and chance.random() < CLOSING_SHARE),
            steps=tuple(_history(chance, plan["course"], register, filed_on, today)),
        )


def _history(
    chance: Random, course: dict[str, Any], register: dict[str, Any], filed_on: date, today: date
) -> list[InventedStep]:
    steps = [InventedStep(filed_on, *course["registration"])]
    weights = [step["weight"] for step in course["steps"]]
    for _ in range(chance.randrange(MOST_STEPS)):
        step = chance.choices(course["steps"], weights)[0]
        on = _later(chance, steps[-1].on)
        steps.append(InventedStep(on, step["activity_type"], step["outcome"], step.get("reason")))
    if chance.random() < PAUSING_SHARE:
        steps.append(InventedStep(_later(chance, steps[-1].on), *course["pausing"]))
    elif chance.random() < CLOSING_SHARE:
        closing = chance.choice(register["closings"])
        steps.append(InventedStep(_later(chance, steps[-1].on), course["closing"], closing))
        if chance.random() < REOPENING_SHARE:
            steps.append(InventedStep(_later(chance, steps[-1].on), *course["reopening"]))
    return _until(steps, today)


def _until(steps: list[InventedStep], today: date) -> list[InventedStep]:
    """What has happened by today; each step but a last one sets the date of the next."""
    happened = [step for step in steps if step.on <= today]
    following = [*(step.on for step in steps[1:]), None]
    return [replace(step, next_on=on) for step, on in zip(happened, following, strict=False)]


def _later(chance: Random, day: date) -> date:
    return _sitting_day(day + timedelta(days=chance.randrange(10, 120)))


def _sitting_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
