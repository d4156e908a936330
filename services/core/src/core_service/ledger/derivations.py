"""What follows from replayed cases in addition to the ledger; features above implement it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core_service.cases.models import Case
from core_service.ledger.replay import ActivityFact, CaseFacts, Replay


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """A locked case, what was replayed of it (in the ledger's order), and the result."""

    case: Case
    facts: CaseFacts
    activities: Sequence[ActivityFact]
    result: Replay


class Derivation(Protocol):
    """Keeps its own rows equal to what the cases' activities say."""

    async def derive(self, replayed: Sequence[ReplayedCase]) -> set[UUID]:
        """Write what differs; the IDs of the cases where anything did."""


class LeadDerivation(Derivation, Protocol):
    """The lead judge, whom the hearings need."""


class HearingDerivation(Derivation, Protocol):
    """The days on which the case was and will be heard."""
