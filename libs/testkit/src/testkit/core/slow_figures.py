"""Every figure once more, slowly: plain Python over the rows of the tables, case by case and day by
day. It shares no code with the service, so that the two agree only when both are right.
"""

from calendar import isleap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, Final

from testkit.core.slow_hearings import RecordedFigures
from testkit.core.slow_registry import ACTIVE, ONE_DAY, RESOLVING, Item

BANDS: Final = {
    "up_to_90_days": 90,
    "up_to_180_days": 180,
    "up_to_365_days": 365,
    "up_to_730_days": 730,
    "up_to_1095_days": 1095,
    "older": 100_000,
}
LEAP_DAY: Final = (2, 29)


@dataclass(slots=True)
class SlowFigures(RecordedFigures):
    """With the figures of the ledger, all of them."""

    def disposition_time(self) -> Iterable[Item]:
        for case in self.counted():
            pending = self.balance(case, ACTIVE, self.last) > 0
            resolved = len(self.of_kind(case, RESOLVING))
            yield self.item(case, {"numerator": pending, "denominator": resolved}, self.lead(case))

    def time_to_disposition(self) -> Iterable[Item]:
        for case in self.counted():
            for on, event in self.of_kind(case, RESOLVING):
                if event.kind == "reopened_disposed":
                    continue
                days, standard = self.active_days(case, on), self.standard(case, on)
                columns = {
                    "disposed": 1,
                    "numerator": standard is not None and days <= standard,
                    "denominator": standard is not None,
                    "days": days,
                }
                yield self.item(case, columns, self.lead(case))

    def pending_age(self) -> Iterable[Item]:
        for case in self.counted():
            if not self.events[case.id] or self.balance(case, ACTIVE, self.end) <= 0:
                continue
            age, standard = self.active_days(case, self.end), self.standard(case, self.end)
            band = next(name for name, most in BANDS.items() if age <= most)
            columns = {
                "pending": 1,
                band: 1,
                "numerator": standard is not None and age > standard,
                "denominator": standard is not None,
            }
            yield self.item(case, columns, self.lead(case))

    def backlog(self) -> Iterable[Item]:
        for case in self.counted():
            if not self.events[case.id] or self.balance(case, ACTIVE, self.end) <= 0:
                continue
            began, before = self.began(case), self.first - ONE_DAY
            columns: dict[str, Any] = {"pending": 1}
            for years, name in ((1, "1_year"), (3, "3_years")):
                turns = _years_later(began, years)
                columns[f"over_{name}"] = turns < self.end
                columns[f"crossed_{name}"] = turns < self.end and not turns < before
            yield self.item(case, columns, self.lead(case))

    def custody(self) -> Iterable[Item]:
        categories = self.by_id("case_categories")
        every = self.facts.tables["case_activities"]
        for case in self.counted():
            nature = categories[self.category(self.case_type(case))].nature
            pending = {**ACTIVE, "inactivated": 0, "reactivated": 0}
            if nature != "criminal" or self.balance(case, pending, self.end) <= 0:
                continue
            stated = [act for act in self.activities[case.id] if act.custody_count is not None]
            ever = any(
                act.case_id == case.id
                and act.custody_count is not None
                and self.known(case, act.created_at, None)
                for act in every
            )
            held = stated[-1].custody_count if stated else 0 if ever else case.custody_count
            columns: dict[str, Any] = {"criminal_pending": 1}
            if held:
                age = (self.end - self.began(case)).days
                columns |= {"cases": 1, "accused": held, "days": age}
            yield self.item(case, columns, self.lead(case))

    def workload(self) -> Iterable[Item]:
        for case in self.counted():
            for on, _ in self.of_kind(case, ("filed",)):
                row = self.in_force("case_weights", case, on)
                columns: dict[str, Any] = {"filings": 1}
                if row is not None:
                    judges = row.minutes / row.judge_year_minutes
                    columns |= {"weighted": 1, "minutes": row.minutes, "judges": judges}
                yield self.item(case, columns, self.lead(case))


def grouped(items: Iterable[Item], key: Callable[[Item], Any]) -> dict[Any, dict[str, Any]]:
    """The columns' sums by group; `days` are collected in a list."""
    sums: dict[Any, Counter[str]] = defaultdict(Counter)
    days: dict[Any, list[int]] = defaultdict(list)
    for item in items:
        for name, value in item.columns.items():
            if name == "days":
                days[key(item)].append(value)
            else:
                sums[key(item)][name] += value
    return {each: {**sums[each], "days": sorted(days[each])} for each in {*sums, *days}}


def percentile(percent: int, days: Sequence[int]) -> int | None:
    """The day within which so many percent of them are."""
    return days[ceil(percent * len(days) / 100) - 1] if days else None


def _years_later(on: date, years: int) -> date:
    if (on.month, on.day) == LEAP_DAY and not isleap(on.year + years):
        return date(on.year + years, 2, 28)
    return on.replace(year=on.year + years)
