"""Every figure once more, slowly: plain Python over the rows of the tables, case by case and day by
day. It shares no code with the service, so that the two agree only when both are right.
"""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Row = Any
TABLES: Final = (
    *("activity_judges", "activity_types", "adjournment_reasons", "case_activities"),
    *("case_categories", "case_status_events", "case_types", "case_weights", "cases", "courts"),
    *("dimension_history", "hearings", "outcomes", "time_standards"),
)
ACTIVE: Final = {
    **dict.fromkeys(("filed", "reopened", "reactivated", "transfer_in"), 1),
    **dict.fromkeys(("disposed", "reopened_disposed", "inactivated", "transfer_out"), -1),
}
INACTIVE: Final = {"inactivated": 1, "reactivated": -1}
RESOLVING: Final = ("disposed", "reopened_disposed")
CLOSING: Final = (*RESOLVING, "transfer_out")
ONE_DAY: Final = timedelta(days=1)
BANDS: Final = {
    "up_to_90_days": 90,
    "up_to_180_days": 180,
    "up_to_365_days": 365,
    "up_to_730_days": 730,
    "up_to_1095_days": 1095,
    "older": 100_000,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of all tables that figures read."""

    tables: Mapping[str, Sequence[Row]]

    @classmethod
    async def read(cls, connection: AsyncConnection) -> "Facts":
        """All of them; a small database is meant."""
        found = {}
        for table in TABLES:
            found[table] = (await connection.execute(text(f"SELECT * FROM {table}"))).all()  # noqa: S608 - names above
        return cls(found)

    def by_id(self, table: str) -> dict[UUID, Row]:
        return {row.id: row for row in self.tables[table]}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that counts: whose it is, and in which columns."""

    court: UUID
    case_type: UUID
    judge: UUID | None
    columns: Mapping[str, Any]


@dataclass(slots=True)
class SlowFigures:
    """The figures of one period, as of its end, as known at a moment (None: now).

    With `blurred`, sealed cases count by month, as for those who may not see them.
    """

    facts: Facts
    first: date
    last: date
    as_of: date | None = None
    known_at: datetime | None = None
    month_known_at: datetime | None = None
    blurred: bool = False
    cases: dict[UUID, Row] = field(init=False)
    events: dict[UUID, list[Row]] = field(init=False)
    activities: dict[UUID, list[Row]] = field(init=False)

    def __post_init__(self) -> None:
        self.cases = self.facts.by_id("cases")
        self.events, self.activities = defaultdict(list), defaultdict(list)
        for event in self.facts.tables["case_status_events"]:
            case = self.cases[event.case_id]
            is_known = self.known(case, event.recorded_at, event.retracted_at)
            if is_known and self.day(case, event.effective_on) <= self.limit:
                self.events[case.id].append(event)
        for act in self.facts.tables["case_activities"]:
            case = self.cases[act.case_id]
            is_known = self.known(case, act.created_at, act.voided_at)
            if is_known and self.day(case, act.activity_on) <= self.end:
                self.activities[case.id].append(act)
        for acts in self.activities.values():
            acts.sort(key=lambda act: (act.activity_on, act.seq, act.id))

    # What was known, and when.

    @property
    def limit(self) -> date:
        return self.as_of or self.last

    @property
    def end(self) -> date:
        return min(self.last, self.limit)

    def hides(self, case: Row) -> bool:
        return self.blurred and case.sealed

    def moment(self, case: Row) -> datetime | None:
        return self.month_known_at if self.hides(case) else self.known_at

    def known(self, case: Row, recorded_at: datetime, ended_at: datetime | None) -> bool:
        moment = self.moment(case)
        if moment is None:
            return ended_at is None
        return recorded_at <= moment and (ended_at is None or ended_at > moment)

    def counts(self, case: Row) -> bool:
        moment = self.moment(case)
        if case.deleted_at is None:
            return True
        return moment is not None and case.deleted_at > moment

    def day(self, case: Row, on: date) -> date:
        return on.replace(day=monthrange(on.year, on.month)[1]) if self.hides(case) else on

    def during(self, on: date) -> bool:
        return self.first <= on <= min(self.last, self.limit)

    # What a case was.

    def case_type(self, case: Row) -> UUID:
        for event in self.facts.tables["case_status_events"]:
            if event.case_id == case.id and self.known(case, event.recorded_at, event.retracted_at):
                return UUID(str(event.case_type_id))
        return UUID(str(case.case_type_id))

    def category(self, type_id: UUID) -> UUID:
        return UUID(str(self.facts.by_id("case_types")[type_id].category_id))

    def lead(self, case: Row) -> UUID | None:
        if self.known_at is None:
            return None if case.lead_judge_id is None else UUID(str(case.lead_judge_id))
        for row in self.facts.tables["dimension_history"]:
            if row.row_id == case.id and self.known(case, row.recorded_at, row.retracted_at):
                return UUID(row.value)
        return None

    def bench(self, activity_id: UUID | None) -> list[UUID]:
        seats = [
            row for row in self.facts.tables["activity_judges"] if row.activity_id == activity_id
        ]
        return [row.judge_id for row in sorted(seats, key=lambda row: row.position)]

    def effect(self, case: Row, act: Row) -> str:
        if act.outcome_id is None:
            return "none"
        outcome = self.facts.by_id("outcomes")[act.outcome_id]
        limits = outcome.limited_to
        if limits and self.category(self.case_type(case)) not in limits:
            return "none"
        return str(outcome.effect)

    def item(
        self, case: Row, columns: Mapping[str, Any], judge: UUID | None, court: Any = None
    ) -> Item:
        return Item(court or case.court_id, self.case_type(case), judge, columns)

    def counted(self) -> Iterable[Row]:
        return [case for case in self.cases.values() if self.counts(case)]

    def of_kind(self, case: Row, kinds: Sequence[str]) -> list[tuple[date, Row]]:
        found = [(self.day(case, each.effective_on), each) for each in self.events[case.id]]
        return [(on, each) for on, each in found if each.kind in kinds and self.during(on)]

    def balance(self, case: Row, signs: Mapping[str, int], until: date) -> int:
        return sum(
            signs.get(event.kind, 0)
            for event in self.events[case.id]
            if self.day(case, event.effective_on) <= until
        )

    def began(self, case: Row) -> date:
        return min(self.day(case, event.effective_on) for event in self.events[case.id])

    def active_days(self, case: Row, until: date) -> int:
        """Walk through the days, and leave out those that end with the case inactive."""
        days, on = 0, self.began(case)
        while on < until:
            days += self.balance(case, INACTIVE, on) <= 0
            on += ONE_DAY
        return days

    # Rows of reference data.

    def in_force(self, table: str, case: Row, on: date, measure: str | None = None) -> Row | None:
        category = self.category(self.case_type(case))
        court_type = self.facts.by_id("courts")[case.court_id].court_type
        found = [
            row
            for row in self.facts.tables[table]
            if row.is_active
            and (measure is None or row.measure == measure)
            and (
                row.category_id == category
                or (row.category_id is None and measure == "reserved_to_delivered")
            )
            and row.court_type in (None, court_type)
            and (row.valid_from is None or row.valid_from <= on)
            and (row.valid_to is None or on < row.valid_to)
        ]
        best = min((row.rank for row in found), default=None)
        found = [row for row in found if row.rank == best]
        found = [row for row in found if row.court_type is not None] or found
        found = [row for row in found if row.category_id is not None] or found
        newest = max((row.valid_from or date.min for row in found), default=None)
        found = [row for row in found if (row.valid_from or date.min) == newest]
        return max(found, key=lambda row: getattr(row, "percent", 0), default=None)

    def standard(self, case: Row, on: date, measure: str = "filing_to_disposition") -> int | None:
        row = self.in_force("time_standards", case, on, measure)
        return None if row is None else int(row.days)

    # The figures: the items that count in each.

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

    def adjournments(self) -> Iterable[Item]:
        types, reasons = (
            self.facts.by_id(table) for table in ("activity_types", "adjournment_reasons")
        )
        for case in self.counted():
            for act in self.activities[case.id]:
                if not types[act.activity_type_id].adjournable:
                    continue
                if not self.during(self.day(case, act.activity_on)):
                    continue
                columns: dict[str, Any] = {"denominator": 1}
                if self.effect(case, act) == "adjourn":
                    reason = reasons.get(act.reason_id)
                    cause = "not_stated" if reason is None else f"by_{reason.cause}"
                    columns |= {"numerator": 1, cause: 1}
                lead = next(iter(self.bench(act.id)), None)
                yield self.item(case, columns, lead)

    def judgment_delivery(self) -> Iterable[Item]:
        outcomes = self.facts.by_id("outcomes")
        for case in self.counted():
            reserved: Row | None = None
            for act in self.activities[case.id]:
                effect = self.effect(case, act)
                if effect == "reserve":
                    reserved = reserved or act
                if effect not in ("deliver", "dispose", "transfer_out") or reserved is None:
                    continue
                decides = effect == "deliver" or (
                    effect == "dispose" and outcomes[act.outcome_id].on_merits is not False
                )
                yield from self._decision(case, reserved, act, decides=decides)
                reserved = None
            if reserved is not None:
                yield from self._decision(case, reserved, None, decides=False)

    def _decision(
        self, case: Row, reserved: Row, ended: Row | None, *, decides: bool
    ) -> Iterable[Item]:
        on = self.day(case, ended.activity_on) if ended else self.end
        days = (on - self.day(case, reserved.activity_on)).days
        limit = self.standard(case, on, "reserved_to_delivered")
        columns: dict[str, Any] = {}
        if ended is None:
            columns = {"waiting": 1, "overdue": limit is not None and days > limit}
        elif decides and self.during(on):
            columns = {
                "delivered": 1,
                "numerator": limit is not None and days <= limit,
                "denominator": limit is not None,
                "days": days,
            }
        yield self.item(case, columns, next(iter(self.bench(reserved.id)), None))

    def productivity(self, *, by_judge: bool = False) -> Iterable[Item]:
        outcomes = self.facts.by_id("outcomes")
        acts = self.facts.by_id("case_activities")
        for case in self.counted():
            found = []
            for _, event in self.of_kind(case, RESOLVING):
                act = acts[event.activity_id]
                merits = act.outcome_id is not None and outcomes[act.outcome_id].on_merits is True
                found.append((act.id, "merits" if merits else "non_merits"))
            found += [
                (act.id, "rulings")
                for act in self.activities[case.id]
                if self.effect(case, act) == "deliver"
                and self.during(self.day(case, act.activity_on))
            ]
            for activity_id, column in found:
                judges: list[UUID | None] = [*self.bench(activity_id)] or [None]
                for judge in judges if by_judge else [None]:
                    yield self.item(case, {"decisions": 1, column: 1}, judge)

    def custody(self) -> Iterable[Item]:
        categories = self.facts.by_id("case_categories")
        every = self.facts.tables["case_activities"]
        for case in self.counted():
            nature = categories[self.category(self.case_type(case))].nature
            pending = {**ACTIVE, "inactivated": 0, "reactivated": 0}
            if nature != "criminal" or self.balance(case, pending, self.end) <= 0:
                continue
            stated = [act for act in self.activities[case.id] if act.custody_count is not None]
            ever = any(act.case_id == case.id and act.custody_count is not None for act in every)
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

    def date_certainty(self) -> Iterable[Item]:
        for case in self.counted():
            days = self._court_days(case)
            for on, event in self.of_kind(case, RESOLVING):
                del on
                heard = [each for each in days if each.heard and each.on <= event.effective_on]
                if heard:
                    certain = all(each.setting <= 2 for each in heard)  # noqa: PLR2004
                    columns = {"denominator": 1, "numerator": certain}
                    yield self.item(case, columns, self.lead(case))
            for each in days:
                if each.scheduled and self.during(self.day(case, each.on)):
                    columns = {"scheduled": 1, "proceeded": each.heard}
                    yield self.item(case, columns, self.lead(case))

    def _court_days(self, case: Row) -> list["CourtDay"]:
        """Go through the activities as the diary would: each sets a day, moves or ends one."""
        types = self.facts.by_id("activity_types")
        closings = {each.activity_id for each in self.facts.tables["case_status_events"]
                    if each.case_id == case.id and each.kind in CLOSING
                    and self.known(case, each.recorded_at, each.retracted_at)}  # fmt: skip
        days: dict[date, CourtDay] = {}
        current: date | None = None
        for act in self.activities[case.id]:
            closes = act.id in closings
            if current is not None and act.activity_on < current:
                moves = act.next_on is not None and act.next_on != current
                days[current].stands &= not (closes or moves)
            if closes or act.next_on is not None:
                current = None
            if act.next_on is not None and act.next_on > act.activity_on:
                current = act.next_on
                day = days.setdefault(current, CourtDay(current))
                day.planned, day.stands = True, not closes
            if types[act.activity_type_id].counts_as_hearing:
                day = days.setdefault(act.activity_on, CourtDay(act.activity_on))
                day.came_up = True
                day.heard |= self.effect(case, act) != "adjourn"
        for plan in self.facts.tables["hearings"]:
            if plan.case_id == case.id and plan.is_manual:
                day = days.setdefault(plan.hearing_on, CourtDay(plan.hearing_on))
                day.planned, day.stands = True, not plan.is_vacated
        setting = 0
        for day in sorted(days.values(), key=lambda each: each.on):
            setting += 1
            day.setting = setting
            setting = 0 if day.heard else setting
        return sorted(days.values(), key=lambda each: each.on)


@dataclass(slots=True)
class CourtDay:
    """A day for which a case was set, or on which it came up."""

    on: date
    planned: bool = False
    stands: bool = False
    came_up: bool = False
    heard: bool = False
    setting: int = 0

    @property
    def scheduled(self) -> bool:
        return self.planned and (self.came_up or self.stands)


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
    if (on.month, on.day) == (2, 29) and monthrange(on.year + years, 2)[1] == 28:  # noqa: PLR2004
        return date(on.year + years, 2, 28)
    return on.replace(year=on.year + years)
