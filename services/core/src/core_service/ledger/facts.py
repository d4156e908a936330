"""What goes into a replay, and what follows from it in addition to the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from core_service.cases.records import AnyCase
from core_service.ledger.replay import ActivityFact, CaseFacts, Replay
from core_service.reference.models import Effect

# What a fact takes from the activity's row as it is.
COPIED: Final = (
    "activity_on",
    "seq",
    "next_on",
    "custody_count",
    "legal_representation",
    "sets_status",
    "activity_type_id",
)


@dataclass(frozen=True, slots=True)
class OutcomeEffect:
    """What an outcome does, to cases of which categories, and what its next date is for."""

    effect: Effect = Effect.NONE
    limited_to: frozenset[UUID] = frozenset()
    sets_down_for_id: UUID | None = None


WITHOUT_OUTCOME: Final = OutcomeEffect()


@dataclass(frozen=True, slots=True)
class OutcomeEffects:
    """What reference data mean to the ledger, read once for many activities.

    Effects of outcomes with their limits, types that are hearings, judges that are none.
    """

    effects: Mapping[UUID, OutcomeEffect]
    hearings: frozenset[UUID]
    placeholders: frozenset[UUID]
    categories: Mapping[UUID, UUID]
    """The category of each case type."""

    def fact(self, activity: Mapping[str, Any], bench: Sequence[UUID]) -> ActivityFact:
        """The fact in the columns of an activity."""
        judges = [None if judge in self.placeholders else judge for judge in bench]
        outcome_id = activity["outcome_id"]
        outcome = self.effects[outcome_id] if outcome_id else WITHOUT_OUTCOME
        return ActivityFact(
            activity_id=activity["id"],
            effect=outcome.effect,
            limited_to=outcome.limited_to,
            sets_down_for_id=outcome.sets_down_for_id,
            lead_judge_id=judges[0] if judges else None,
            member_ids=tuple(judge for judge in judges[1:] if judge is not None),
            counts_as_hearing=activity["activity_type_id"] in self.hearings,
            **{name: activity[name] for name in COPIED},
        )


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """A locked case, what was replayed of it (in the ledger's order), and the result."""

    case: AnyCase
    facts: CaseFacts
    activities: Sequence[ActivityFact]
    result: Replay


class Derived(Protocol):
    """What differs, to be written when the activities have been."""

    async def write(self) -> None:
        """Write it."""

    def cases(self) -> set[UUID]:
        """The cases where anything was written."""


class Derivation(Protocol):
    """Features above implement it: keeps its own rows equal to what the cases' activities say."""

    async def derive(self, replayed: Sequence[ReplayedCase]) -> Derived:
        """What has to be written; changes columns of the cases alone."""


class LeadDerivation(Derivation, Protocol):
    """The lead judge, whom the hearings need."""


class HearingDerivation(Derivation, Protocol):
    """The days on which the case was and will be heard."""
