"""Keeps a case's hearings equal to what its activities and the typed-in plans say."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from common.clock import Clock
from common.ids import uuid7
from core_service.access.actors import SYSTEM
from core_service.cases.models import Case
from core_service.hearings.derivation import HearingState, History, TypedPlan, derive
from core_service.hearings.models import Hearing
from core_service.hearings.repository import HearingRepository
from core_service.stamps import touch


@dataclass(frozen=True, slots=True)
class Diary:
    """Writes hearings. The caller holds the case's row lock."""

    hearings: HearingRepository
    clock: Clock

    async def keep(self, case: Case, history: History) -> bool:
        """Add, change and remove what differs; says whether anything did."""
        kept = await self.hearings.all(self.hearings.of_case(case.id))
        typed = [_typed(hearing) for hearing in kept if hearing.is_manual]
        wanted = {state.hearing_on: state for state in derive(history, typed)}
        changed = await self._remove([each for each in kept if each.hearing_on not in wanted])
        now = self.clock.now()
        for hearing in kept:
            state = wanted.pop(hearing.hearing_on, None)
            if state is not None and _write(hearing, case.court_id, state):
                touch(hearing, SYSTEM, now)
                changed = True
        self.hearings.session.add_all(_new(case, state, now) for state in wanted.values())
        return changed or bool(wanted)

    async def _remove(self, hearings: Sequence[Hearing]) -> bool:
        for hearing in hearings:
            await self.hearings.session.delete(hearing)
        return bool(hearings)


def _typed(hearing: Hearing) -> TypedPlan:
    return TypedPlan(
        hearing.hearing_on,
        hearing.planned_judge_id,
        hearing.planned_purpose_id,
        hearing.is_vacated,
    )


def _new(case: Case, state: HearingState, now: datetime) -> Hearing:
    return Hearing(
        id=uuid7(),
        created_at=now,
        updated_at=now,
        case_id=case.id,
        court_id=case.court_id,
        **asdict(state),
    )


def _write(hearing: Hearing, court_id: UUID, state: HearingState) -> bool:
    values: dict[str, UUID | date | int | str | None] = {"court_id": court_id, **asdict(state)}
    changed = {name for name, value in values.items() if getattr(hearing, name) != value}
    for name in changed:
        setattr(hearing, name, values[name])
    return bool(changed)
