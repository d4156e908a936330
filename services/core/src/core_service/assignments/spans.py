"""Who leads and sits when; pure, from the benches that sat and from what somebody assigned.

The bench that sat last leads, or whoever the case was assigned to since; on the same day the
assignment counts. A member stays until a bench of several sits without him.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from core_service.assignments.models import AssignmentOrigin, AssignmentRole

LEAD: Final = AssignmentRole.LEAD
MEMBER: Final = AssignmentRole.MEMBER


@dataclass(frozen=True, slots=True)
class Sitting:
    """The bench of one live activity; placeholders are no judges."""

    on: date
    lead_id: UUID | None
    member_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment that somebody made, and perhaps ended. `id` tells equal ones apart."""

    id: UUID
    judge_id: UUID
    role: AssignmentRole
    from_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """One judge's time with a case; `assigned_id` is None where the bench says so."""

    judge_id: UUID
    role: AssignmentRole
    from_on: date
    to_on: date | None = None
    assigned_id: UUID | None = None

    @property
    def origin(self) -> AssignmentOrigin:
        """What says so."""
        return AssignmentOrigin.BENCH if self.assigned_id is None else AssignmentOrigin.ASSIGNED


def spans(sittings: Sequence[Sitting], assigned: Iterable[Assigned]) -> list[Span]:
    """Every span; `sittings` are in the ledger's order. At most one lead has an open end."""
    made = sorted(assigned, key=lambda one: (one.from_on, one.id))
    leads = _leads(sittings, [one for one in made if one.role == LEAD])
    joined = [
        Span(one.judge_id, MEMBER, one.from_on, one.ended_on, one.id)
        for one in made
        if one.role == MEMBER
    ]
    return [*leads, *_members(sittings), *joined]


def current_lead(found: Iterable[Span]) -> UUID | None:
    """The judge who leads now."""
    return next((one.judge_id for one in found if one.role == LEAD and one.to_on is None), None)


def _leads(sittings: Iterable[Sitting], assigned: Sequence[Assigned]) -> list[Span]:
    # Of the benches of one day the last one counts.
    sat = {one.on: one.lead_id for one in sittings if one.lead_id is not None}
    starts = [
        *(Span(lead_id, LEAD, day) for day, lead_id in sat.items()),
        *(Span(one.judge_id, LEAD, one.from_on, one.ended_on, one.id) for one in assigned),
    ]
    found: list[Span] = []
    # Assignments of a day come after its bench.
    for start in sorted(starts, key=lambda span: (span.from_on, span.assigned_id is not None)):
        last = found[-1] if found else None
        if last is not None and _goes_on(last, start):
            continue
        if last is not None and (last.to_on is None or last.to_on > start.from_on):
            found[-1] = replace(last, to_on=start.from_on)
        found.append(start)
    return found


def _goes_on(last: Span, start: Span) -> bool:
    """A bench led by who leads already begins nothing."""
    open_then = last.to_on is None or last.to_on > start.from_on
    return start.assigned_id is None and last.judge_id == start.judge_id and open_then


def _members(sittings: Iterable[Sitting]) -> list[Span]:
    sitting: dict[UUID, Span] = {}
    past: list[Span] = []
    for bench in sittings:
        if not bench.member_ids:
            continue
        left = [one for one in sitting if one not in bench.member_ids]
        past += [replace(sitting.pop(judge_id), to_on=bench.on) for judge_id in left]
        for judge_id in bench.member_ids:
            sitting.setdefault(judge_id, Span(judge_id, MEMBER, bench.on))
    return [*past, *sitting.values()]
