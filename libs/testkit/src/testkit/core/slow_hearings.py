"""Slow figures about what was recorded in court: hearings, decisions and who sat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from testkit.core.slow_registry import CLOSING, RESOLVING, Item, Row, SlowRegistry

# CourTools calls a matter certain that was heard at its first or second setting.
MOST_SETTINGS: Final = 2


@dataclass(slots=True)
class CourtDay:
    """A day for which a case was set, or on which it came up."""

    on: date
    planned: bool = False
    is_valid: bool = False
    came_up: bool = False
    heard: bool = False
    setting: int = 0

    @property
    def scheduled(self) -> bool:
        return self.planned and (self.came_up or self.is_valid)


@dataclass(slots=True)
class RecordedFigures(SlowRegistry):
    """The items that count in each."""

    def adjournments(self) -> Iterable[Item]:
        types, reasons = (self.by_id(table) for table in ("activity_types", "adjournment_reasons"))
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
        outcomes = self.by_id("outcomes")
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
        outcomes = self.by_id("outcomes")
        acts = {act.id: act for act in self.facts.tables["case_activities"]}
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

    def date_certainty(self) -> Iterable[Item]:
        for case in self.counted():
            days = self._court_days(case)
            for on, event in self.of_kind(case, RESOLVING):
                del on
                heard = [each for each in days if each.heard and each.on <= event.effective_on]
                if heard:
                    certain = all(each.setting <= MOST_SETTINGS for each in heard)
                    columns = {"denominator": 1, "numerator": certain}
                    yield self.item(case, columns, self.lead(case))
            for each in days:
                if each.scheduled and self.during(self.day(case, each.on)):
                    columns = {"scheduled": 1, "proceeded": each.heard}
                    yield self.item(case, columns, self.lead(case))

    def _court_days(self, case: Row) -> list[CourtDay]:
        """Go through the activities as the diary would: each sets a day, moves or ends one."""
        types = self.by_id("activity_types")
        closings = {each.activity_id for each in self.facts.tables["case_status_events"]
                    if each.case_id == case.id and each.kind in CLOSING
                    and self.known(case, each.recorded_at, each.retracted_at)}  # fmt: skip
        days: dict[date, CourtDay] = {}
        current: date | None = None
        for act in self.activities[case.id]:
            closes = act.id in closings
            if current is not None and act.activity_on < current:
                moves = act.next_on is not None and act.next_on != current
                days[current].is_valid &= not (closes or moves)
            if closes or act.next_on is not None:
                current = None
            if act.next_on is not None and act.next_on > act.activity_on:
                current = act.next_on
                day = days.setdefault(current, CourtDay(current))
                day.planned, day.is_valid = True, not closes
            if types[act.activity_type_id].counts_as_hearing:
                day = days.setdefault(act.activity_on, CourtDay(act.activity_on))
                day.came_up = True
                day.heard |= self.effect(case, act) != "adjourn"
        for row in self.facts.tables["hearings"]:
            plan = self.then("hearings", row, self.moment(case))
            known = self.known(case, plan.created_at, None)
            if plan.case_id == case.id and plan.is_manual and known:
                day = days.setdefault(plan.hearing_on, CourtDay(plan.hearing_on))
                day.planned, day.is_valid = True, not plan.is_vacated
        setting = 0
        for day in sorted(days.values(), key=lambda each: each.on):
            setting += 1
            day.setting = setting
            setting = 0 if day.heard else setting
        return sorted(days.values(), key=lambda each: each.on)
