"""Who leads and sits when, from the benches that sat and from manual assignments.

The bench that sat last leads, or the judge to whom the case was assigned since; on the same day the
assignment counts. A member stays until a bench of several sits without him. `periods` is pure;
`AssignmentDerivation` writes what differs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from common.clock import Clock
from common.ids import uuid7
from core_service.access.actors import SYSTEM, creation_columns
from core_service.assignments.models import AssignmentOrigin, AssignmentRole, CaseJudgeAssignment
from core_service.assignments.repository import AssignmentRepository, StoredAssignment
from core_service.bulk import delete_rows, insert_rows
from core_service.ledger.facts import ReplayedCase

LEAD: Final = AssignmentRole.LEAD
MEMBER: Final = AssignmentRole.MEMBER


@dataclass(frozen=True, slots=True)
class Sitting:
    """The bench of one live activity; placeholders are no judges."""

    on: date
    lead_id: UUID | None
    member_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ManualAssignment:
    """An assignment by a user, who may have ended it. `id` tells equal ones apart."""

    id: UUID
    judge_id: UUID
    role: AssignmentRole
    from_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class AssignmentPeriod:
    """One judge's time with a case; `assignment_id` is None where the bench says so."""

    judge_id: UUID
    role: AssignmentRole
    from_on: date
    to_on: date | None = None
    assignment_id: UUID | None = None

    @property
    def origin(self) -> AssignmentOrigin:
        return AssignmentOrigin.BENCH if self.assignment_id is None else AssignmentOrigin.ASSIGNED


def periods(
    sittings: Sequence[Sitting], assigned: Iterable[ManualAssignment]
) -> list[AssignmentPeriod]:
    """Every period; `sittings` are in the ledger's order. At most one lead has an open end."""
    made = sorted(assigned, key=lambda one: (one.from_on, one.id))
    leads = _leads(sittings, [one for one in made if one.role == LEAD])
    joined = [
        AssignmentPeriod(one.judge_id, MEMBER, one.from_on, one.ended_on, one.id)
        for one in made
        if one.role == MEMBER
    ]
    return [*leads, *_members(sittings), *joined]


def current_lead(found: Iterable[AssignmentPeriod]) -> UUID | None:
    return next((one.judge_id for one in found if one.role == LEAD and one.to_on is None), None)


def _leads(
    sittings: Iterable[Sitting], assigned: Sequence[ManualAssignment]
) -> list[AssignmentPeriod]:
    # Of the benches of one day the last one counts.
    sat = {one.on: one.lead_id for one in sittings if one.lead_id is not None}
    starts = [
        *(AssignmentPeriod(lead_id, LEAD, day) for day, lead_id in sat.items()),
        *(
            AssignmentPeriod(one.judge_id, LEAD, one.from_on, one.ended_on, one.id)
            for one in assigned
        ),
    ]
    found: list[AssignmentPeriod] = []
    # Assignments of a day come after its bench.
    for start in sorted(
        starts, key=lambda period: (period.from_on, period.assignment_id is not None)
    ):
        last = found[-1] if found else None
        if last is not None and _goes_on(last, start):
            continue
        if last is not None and (last.to_on is None or last.to_on > start.from_on):
            found[-1] = replace(last, to_on=start.from_on)
        found.append(start)
    return found


def _goes_on(last: AssignmentPeriod, start: AssignmentPeriod) -> bool:
    """A bench led by who leads already begins nothing."""
    open_then = last.to_on is None or last.to_on > start.from_on
    return start.assignment_id is None and last.judge_id == start.judge_id and open_then


def _members(sittings: Iterable[Sitting]) -> list[AssignmentPeriod]:
    sitting: dict[UUID, AssignmentPeriod] = {}
    ended: list[AssignmentPeriod] = []
    for bench in sittings:
        if not bench.member_ids:
            continue
        left = [one for one in sitting if one not in bench.member_ids]
        ended += [replace(sitting.pop(judge_id), to_on=bench.on) for judge_id in left]
        for judge_id in bench.member_ids:
            sitting.setdefault(judge_id, AssignmentPeriod(judge_id, MEMBER, bench.on))
    return [*ended, *sitting.values()]


Key = tuple[object, ...]


@dataclass(slots=True)
class AssignmentChanges:
    """What has to be written, of all cases together."""

    assignments: AssignmentRepository
    now: datetime
    removed: list[StoredAssignment] = field(default_factory=list)
    ended: list[tuple[StoredAssignment, date | None]] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)

    def cases(self) -> set[UUID]:
        rows = [*self.removed, *(row for row, _ in self.ended)]
        return {row.case_id for row in rows} | {row["case_id"] for row in self.added}

    def compare(
        self, case_id: UUID, rows: Sequence[StoredAssignment], wanted: Sequence[AssignmentPeriod]
    ) -> None:
        known = {_key_of_row(row): row for row in rows}
        by_key = {_key_of_period(period): period for period in wanted}
        for key, row in known.items():
            if key not in by_key:
                self.removed.append(row)
            elif row.to_on != by_key[key].to_on:
                self.ended.append((row, by_key[key].to_on))
        self.added += [
            self._columns(case_id, period) for key, period in by_key.items() if key not in known
        ]

    async def write(self) -> None:
        session = self.assignments.session
        await delete_rows(session, CaseJudgeAssignment, [row.id for row in self.removed])
        # Only one lead may be current: the former one has to end before another begins.
        for reopened in (False, True):
            ended = {row: to_on for row, to_on in self.ended if (to_on is None) == reopened}
            await self.assignments.end(ended, self.now)
        await insert_rows(session, CaseJudgeAssignment, self.added)

    def _columns(self, case_id: UUID, period: AssignmentPeriod) -> dict[str, Any]:
        return {
            "id": uuid7(),
            **creation_columns(SYSTEM, self.now),
            "version": 1,
            "case_id": case_id,
            "judge_id": period.judge_id,
            "role": period.role,
            "from_on": period.from_on,
            "to_on": period.to_on,
            "origin": AssignmentOrigin.BENCH,
        }


@dataclass(frozen=True, slots=True)
class AssignmentDerivation:
    """Writes assignments, and on each case who leads it now."""

    assignments: AssignmentRepository
    clock: Clock

    async def derive(self, replayed: Sequence[ReplayedCase]) -> AssignmentChanges:
        """Sets the lead of each case."""
        rows: dict[UUID, list[StoredAssignment]] = {each.case.id: [] for each in replayed}
        for row in await self.assignments.stored(rows.keys()):
            rows[row.case_id].append(row)
        changes = AssignmentChanges(self.assignments, self.clock.now())
        for each in replayed:
            case, known = each.case, rows[each.case.id]
            wanted = periods(_sittings(each), [_manual(row) for row in known if _is_manual(row)])
            lead_id = current_lead(wanted)
            if case.lead_judge_id != lead_id:
                # The time by which figures date the change.
                case.lead_judge_id, case.updated_at = lead_id, changes.now
            changes.compare(case.id, known, wanted)
        return changes


def _sittings(replayed: ReplayedCase) -> list[Sitting]:
    return [
        Sitting(fact.activity_on, fact.lead_judge_id, fact.member_ids)
        for fact in replayed.activities
    ]


def _is_manual(row: StoredAssignment) -> bool:
    return row.origin == AssignmentOrigin.ASSIGNED


def _manual(row: StoredAssignment) -> ManualAssignment:
    return ManualAssignment(row.id, row.judge_id, row.role, row.from_on, row.ended_on)


def _key_of_row(row: StoredAssignment) -> Key:
    return (row.id,) if _is_manual(row) else (row.judge_id, row.role, row.from_on)


def _key_of_period(period: AssignmentPeriod) -> Key:
    if period.assignment_id is not None:
        return (period.assignment_id,)
    return (period.judge_id, period.role, period.from_on)
