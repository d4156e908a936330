"""Keeps cases' hearings equal to what their activities and the typed-in plans say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from common.clock import Clock
from common.ids import uuid7
from core_service.access.actors import SYSTEM
from core_service.hearings.derivation import HearingState, History, TypedPlan, derive
from core_service.hearings.models import Hearing
from core_service.hearings.repository import HearingRepository
from core_service.stamps import first_stamp, touch


@dataclass(frozen=True, slots=True)
class Diary:
    """Writes hearings. The caller holds the cases' row locks."""

    hearings: HearingRepository
    clock: Clock

    async def keep(self, histories: Mapping[UUID, History]) -> set[UUID]:
        """Add, change and remove what differs; says of which cases anything did."""
        kept: dict[UUID, list[Hearing]] = {case_id: [] for case_id in histories}
        for hearing in await self.hearings.all(self.hearings.of_cases(histories.keys())):
            kept[hearing.case_id].append(hearing)
        return {
            case_id
            for case_id, history in histories.items()
            if await self._keep(case_id, history, kept[case_id])
        }

    async def _keep(self, case_id: UUID, history: History, kept: Sequence[Hearing]) -> bool:
        typed = [_typed(hearing) for hearing in kept if hearing.is_manual]
        wanted = {state.hearing_on: state for state in derive(history, typed)}
        changed = await self._remove([each for each in kept if each.hearing_on not in wanted])
        now, court_id = self.clock.now(), history.case.court_id
        for hearing in kept:
            state = wanted.pop(hearing.hearing_on, None)
            if state is not None and _write(hearing, court_id, state):
                touch(hearing, SYSTEM, now)
                changed = True
        self.hearings.session.add_all(
            _new(case_id, court_id, state, now) for state in wanted.values()
        )
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


def _new(case_id: UUID, court_id: UUID, state: HearingState, now: datetime) -> Hearing:
    return Hearing(
        id=uuid7(),
        **first_stamp(SYSTEM, now),
        case_id=case_id,
        court_id=court_id,
        **asdict(state),
    )


def _write(hearing: Hearing, court_id: UUID, state: HearingState) -> bool:
    values: dict[str, UUID | date | int | str | None] = {"court_id": court_id, **asdict(state)}
    changed = {name for name, value in values.items() if getattr(hearing, name) != value}
    for name in changed:
        setattr(hearing, name, values[name])
    return bool(changed)
