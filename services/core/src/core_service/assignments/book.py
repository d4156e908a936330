"""Keeps a case's assignments equal to what its benches and its assigners say."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from common.clock import Clock
from core_service.assignments.models import AssignmentOrigin, CaseJudgeAssignment
from core_service.assignments.repository import AssignmentRepository
from core_service.assignments.spans import Assigned, Sitting, Span, current_lead, spans

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class AssignmentBook:
    """Writes assignments; the caller holds the case's row lock."""

    assignments: AssignmentRepository
    clock: Clock

    async def keep(self, case_id: UUID, sittings: Sequence[Sitting]) -> tuple[UUID | None, bool]:
        """Write what differs; says who leads now, and whether anything differed."""
        rows = await self.assignments.all(self.assignments.of_case(case_id))
        wanted = spans(sittings, [_assigned(row) for row in rows if _is_assigned(row)])
        changed = await self._write(case_id, rows, wanted)
        return current_lead(wanted), changed

    async def _write(
        self, case_id: UUID, rows: Sequence[CaseJudgeAssignment], wanted: Sequence[Span]
    ) -> bool:
        standing = {_key_of_row(row): row for row in rows}
        ends = {_key_of_span(span): span for span in wanted}
        gone = [row for key, row in standing.items() if key not in ends]
        moved = [
            (row, ends[key].to_on)
            for key, row in standing.items()
            if key in ends and row.to_on != ends[key].to_on
        ]
        for row in gone:
            await self.assignments.session.delete(row)
        # Only one lead may be current: whoever was has to end before another begins.
        for reopened in (False, True):
            for row, to_on in moved:
                if (to_on is None) == reopened:
                    row.to_on, row.updated_at = to_on, self.clock.now()
            if gone or moved:
                await self.assignments.session.flush()
        new = [self._row(case_id, span) for key, span in ends.items() if key not in standing]
        self.assignments.session.add_all(new)
        return bool(gone or moved or new)

    def _row(self, case_id: UUID, span: Span) -> CaseJudgeAssignment:
        now = self.clock.now()
        return CaseJudgeAssignment(
            created_at=now,
            updated_at=now,
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
