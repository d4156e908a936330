"""What each effect does to a case in each status, and what it takes to give a case a status."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core_service.cases.models import CaseStatus
from core_service.ledger.models import EventKind
from core_service.reference.models import Effect


class Flag(StrEnum):
    """Something unusual about an activity, given the case's history."""

    AFTER_CLOSURE = "after_closure"
    SECOND_CLOSURE = "second_closure"
    REOPENED_IMPLICIT = "reopened_implicit"
    BEFORE_FILING = "before_filing"


@dataclass(frozen=True, slots=True)
class Step:
    """What an effect does in a status: events in order, the new status, a flag."""

    status: CaseStatus
    kinds: tuple[EventKind, ...] = ()
    flag: Flag | None = None


PENDING: Final = CaseStatus.PENDING
INACTIVE: Final = CaseStatus.INACTIVE
DISPOSED: Final = CaseStatus.DISPOSED
TRANSFERRED: Final = CaseStatus.TRANSFERRED
CLOSED: Final = frozenset({DISPOSED, TRANSFERRED})

STEPS: Final[Mapping[tuple[CaseStatus, Effect], Step]] = {
    (PENDING, Effect.DISPOSE): Step(DISPOSED, (EventKind.DISPOSED,)),
    (INACTIVE, Effect.DISPOSE): Step(DISPOSED, (EventKind.REACTIVATED, EventKind.DISPOSED)),
    (DISPOSED, Effect.DISPOSE): Step(DISPOSED, flag=Flag.SECOND_CLOSURE),
    (TRANSFERRED, Effect.DISPOSE): Step(TRANSFERRED, flag=Flag.SECOND_CLOSURE),
    (PENDING, Effect.TRANSFER_OUT): Step(TRANSFERRED, (EventKind.TRANSFER_OUT,)),
    (INACTIVE, Effect.TRANSFER_OUT): Step(
        TRANSFERRED, (EventKind.REACTIVATED, EventKind.TRANSFER_OUT)
    ),
    (DISPOSED, Effect.TRANSFER_OUT): Step(DISPOSED, flag=Flag.SECOND_CLOSURE),
    (TRANSFERRED, Effect.TRANSFER_OUT): Step(TRANSFERRED, flag=Flag.SECOND_CLOSURE),
    (PENDING, Effect.INACTIVATE): Step(INACTIVE, (EventKind.INACTIVATED,)),
    (INACTIVE, Effect.REACTIVATE): Step(PENDING, (EventKind.REACTIVATED,)),
    (INACTIVE, Effect.REOPEN): Step(PENDING, (EventKind.REACTIVATED,)),
    (DISPOSED, Effect.REOPEN): Step(PENDING, (EventKind.REOPENED,)),
    (DISPOSED, Effect.REACTIVATE): Step(PENDING, (EventKind.REOPENED,), Flag.REOPENED_IMPLICIT),
    # The file has come back from the court it went to.
    (TRANSFERRED, Effect.REOPEN): Step(PENDING, (EventKind.TRANSFER_IN,)),
    (TRANSFERRED, Effect.REACTIVATE): Step(
        PENDING, (EventKind.TRANSFER_IN,), Flag.REOPENED_IMPLICIT
    ),
}

# How a case comes back to the docket, and how it leaves it.
RETURNS: Final[Mapping[CaseStatus, EventKind]] = {
    INACTIVE: EventKind.REACTIVATED,
    DISPOSED: EventKind.REOPENED,
    TRANSFERRED: EventKind.TRANSFER_IN,
}
DEPARTURES: Final[Mapping[CaseStatus, EventKind]] = {
    INACTIVE: EventKind.INACTIVATED,
    DISPOSED: EventKind.DISPOSED,
    TRANSFERRED: EventKind.TRANSFER_OUT,
}


def step_to(before: CaseStatus, after: CaseStatus) -> Step | None:
    """What it takes to give a case a status; None when it has it."""
    if before == after:
        return None
    kinds = [
        kinds[status]
        for kinds, status in ((RETURNS, before), (DEPARTURES, after))
        if status in kinds
    ]
    return Step(after, tuple(kinds))
