"""Keeps cases' assignments equal to what their benches and their assigners say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import SYSTEM
from core_service.assignments.models import AssignmentOrigin, CaseJudgeAssignment
from core_service.assignments.repository import AssignmentRepository
from core_service.assignments.spans import Assigned, Sitting, Span, current_lead, spans
from core_service.stamps import first_stamp

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Who leads each case now, and the cases whose assignments differed."""

    leads: Mapping[UUID, UUID | None]
    changed: set[UUID]


@dataclass(slots=True)
class Changes:
    """What has to be written, of all cases together."""

    gone: list[CaseJudgeAssignment] = field(default_factory=list)
    moved: list[tuple[CaseJudgeAssignment, date | None]] = field(default_factory=list)
    new: list[CaseJudgeAssignment] = field(default_factory=list)

    def cases(self) -> set[UUID]:
        """The cases that something is to be written of."""
        rows = [*self.gone, *self.new, *(row for row, _ in self.moved)]
        return {row.case_id for row in rows}


@dataclass(frozen=True, slots=True)
class AssignmentBook:
    """Writes assignments; the caller holds the cases' row locks."""

    assignments: AssignmentRepository
    clock: Clock

    async def keep(self, sittings: Mapping[UUID, Sequence[Sitting]]) -> Kept:
        """Write what differs from what the benches of each case say."""
        rows: dict[UUID, list[CaseJudgeAssignment]] = {case_id: [] for case_id in sittings}
        for row in await self.assignments.all(self.assignments.of_cases(sittings.keys())):
            rows[row.case_id].append(row)
        changes, leads = Changes(), {}
        for case_id, sat in sittings.items():
            assigned = [_assigned(row) for row in rows[case_id] if _is_assigned(row)]
            wanted = spans(sat, assigned)
            leads[case_id] = current_lead(wanted)
            self._compare(case_id, rows[case_id], wanted, changes)
        await self._write(changes)
        return Kept(leads, changes.cases())

    def _compare(
        self,
        case_id: UUID,
        rows: Sequence[CaseJudgeAssignment],
        wanted: Sequence[Span],
        changes: Changes,
    ) -> None:
        standing = {_key_of_row(row): row for row in rows}
        ends = {_key_of_span(span): span for span in wanted}
        for key, row in standing.items():
            if key not in ends:
                changes.gone.append(row)
            elif row.to_on != ends[key].to_on:
                changes.moved.append((row, ends[key].to_on))
        changes.new += [
            self._row(case_id, span) for key, span in ends.items() if key not in standing
        ]

    async def _write(self, changes: Changes) -> None:
        for row in changes.gone:
            await self.assignments.session.delete(row)
        # Only one lead may be current: whoever was has to end before another begins.
        for reopened in (False, True):
            for row, to_on in changes.moved:
                if (to_on is None) == reopened:
                    row.to_on, row.updated_at = to_on, self.clock.now()
            if changes.gone or changes.moved:
                await self.assignments.session.flush()
        self.assignments.session.add_all(changes.new)

    def _row(self, case_id: UUID, span: Span) -> CaseJudgeAssignment:
        return CaseJudgeAssignment(
            **first_stamp(SYSTEM, self.clock.now()),
            case_id=case_id,
            judge_id=span.judge_id,
            role=span.role,
            from_on=span.from_on,
            to_on=span.to_on,
            origin=AssignmentOrigin.BENCH,
        )


def _is_assigned(row: CaseJudgeAssignment) -> bool:
    return row.origin == AssignmentOrigin.ASSIGNED


def _assigned(row: CaseJudgeAssignment) -> Assigned:
    return Assigned(row.id, row.judge_id, row.role, row.from_on, row.ended_on)


def _key_of_row(row: CaseJudgeAssignment) -> Key:
    return (row.id,) if _is_assigned(row) else (row.judge_id, row.role, row.from_on)


def _key_of_span(span: Span) -> Key:
    if span.assigned_id is not None:
        return (span.assigned_id,)
    return (span.judge_id, span.role, span.from_on)
