"""The registry as it was known at a moment, in plain Python: what slow figures count from."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Row = Any
TABLES: Final = (
    *("activity_judges", "activity_types", "adjournment_reasons", "case_activities"),
    *("case_categories", "case_status_events", "case_types", "case_weights", "cases", "courts"),
    *("hearings", "outcomes", "superseded_rows", "time_standards"),
)
ACTIVE: Final = {
    **dict.fromkeys(("filed", "reopened", "reactivated", "transfer_in"), 1),
    **dict.fromkeys(("disposed", "reopened_disposed", "inactivated", "transfer_out"), -1),
}
INACTIVE: Final = {"inactivated": 1, "reactivated": -1}
RESOLVING: Final = ("disposed", "reopened_disposed")
CLOSING: Final = (*RESOLVING, "transfer_out")
ONE_DAY: Final = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that counts: whose it is, and in which columns."""

    court: UUID
    case_type: UUID
    judge: UUID | None
    columns: Mapping[str, Any]


@dataclass(slots=True)
class SlowRegistry:
    """One period, as of its end, as known at a moment (None: now).

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
    _superseded: dict[tuple[str, UUID | None], list[Row]] = field(init=False)
    _rows: dict[str, dict[UUID, Row]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._superseded = defaultdict(list)
        for stored in self.facts.tables["superseded_rows"]:
            self._superseded[stored.table_name, stored.row_id].append(stored)
        self.cases = {}
        for row in self.facts.tables["cases"]:
            self.cases[row.id] = self.then("cases", row, self.moment(row))
        self.events, self.activities = defaultdict(list), defaultdict(list)
        for event in self.facts.tables["case_status_events"]:
            case = self.cases[event.case_id]
            is_known = self.known(case, event.recorded_at, event.retracted_at)
            if is_known and self.day(case, event.effective_on) <= self.limit:
                self.events[case.id].append(event)
        for each in self.facts.tables["case_activities"]:
            case = self.cases[each.case_id]
            act = self.then("case_activities", each, self.moment(case))
            is_known = self.known(case, act.created_at, act.voided_at)
            if is_known and self.day(case, act.activity_on) <= self.end:
                self.activities[case.id].append(act)
        for acts in self.activities.values():
            acts.sort(key=lambda act: (act.activity_on, act.seq, act.id))

    # What a row was.

    def stored(self, table: str, row_id: UUID | None, moment: datetime | None) -> Any:
        """The values of a row at a moment; None when they are those of now."""
        for each in self._superseded[table, row_id]:
            if moment is not None and each.recorded_at <= moment < each.retracted_at:
                return each.was
        return None

    def then(self, table: str, row: Row, moment: datetime | None) -> Row:
        was = self.stored(table, row.id, moment)
        if was is None:
            return row
        return SimpleNamespace(
            **(row._asdict() | {name: _typed(name, value) for name, value in was.items()})
        )

    def by_id(self, table: str) -> dict[UUID, Row]:
        """Reference data as they were known."""
        if table not in self._rows:
            found = self.facts.tables[table]
            self._rows[table] = {row.id: self.then(table, row, self.known_at) for row in found}
        return self._rows[table]

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
        return UUID(str(self.by_id("case_types")[type_id].category_id))

    def lead(self, case: Row) -> UUID | None:
        return None if case.lead_judge_id is None else UUID(str(case.lead_judge_id))

    def bench(self, activity_id: UUID | None) -> list[UUID]:
        was = self.stored("activity_judges", activity_id, self.known_at)
        if was is not None:
            return [UUID(was[position]) for position in sorted(was)]
        seats = [
            row for row in self.facts.tables["activity_judges"] if row.activity_id == activity_id
        ]
        return [row.judge_id for row in sorted(seats, key=lambda row: row.position)]

    def effect(self, case: Row, act: Row) -> str:
        if act.outcome_id is None:
            return "none"
        outcome = self.by_id("outcomes")[act.outcome_id]
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
        court_type = self.by_id("courts")[case.court_id].court_type
        found = [
            row
            for row in self.by_id(table).values()
            if row.is_active
            and (self.known_at is None or row.created_at <= self.known_at)
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


def _typed(name: str, value: Any) -> Any:
    """A value of JSON as its column gives it."""
    if value is None or name == "pj_number":
        return value
    if name == "id" or name.endswith("_id"):
        return UUID(value)
    if name == "limited_to":
        return [UUID(each) for each in value]
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name.startswith("valid_") else value
