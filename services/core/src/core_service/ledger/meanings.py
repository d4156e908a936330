"""What the words of an activity mean to the ledger, read once for many activities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core_service.activities.models import CaseActivity
from core_service.ledger.replay import ActivityFact
from core_service.reference.models import Effect


@dataclass(frozen=True, slots=True)
class Meanings:
    """Effects of outcomes with their limits, which types are hearings, who is nobody."""

    effects: Mapping[UUID, tuple[Effect, frozenset[UUID]]]
    hearings: frozenset[UUID]
    placeholders: frozenset[UUID]
    categories: Mapping[UUID, UUID]
    """The category of each case type."""

    def fact(self, activity: CaseActivity, bench: Sequence[UUID]) -> ActivityFact:
        """A live activity, as the ledger sees it."""
        judges = [None if judge in self.placeholders else judge for judge in bench]
        outcome_id = activity.outcome_id
        effect, limited_to = self.effects[outcome_id] if outcome_id else (Effect.NONE, frozenset())
        return ActivityFact(
            activity_id=activity.id,
            activity_on=activity.activity_on,
            seq=activity.seq,
            effect=effect,
            limited_to=limited_to,
            next_on=activity.next_on,
            lead_judge_id=judges[0] if judges else None,
            custody_count=activity.custody_count,
            legal_representation=activity.legal_representation,
            member_ids=tuple(judge for judge in judges[1:] if judge is not None),
            sets=activity.sets_status,
            activity_type_id=activity.activity_type_id,
            counts_as_hearing=activity.activity_type_id in self.hearings,
        )
