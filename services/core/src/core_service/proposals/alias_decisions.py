"""Decisions about many spellings in one request, each with its own verdict."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from common.database import constraint_name
from common.errors import DomainError
from common.identity import Principal
from core_service.access.callers import Proposer
from core_service.aliases.models import Alias
from core_service.aliases.service import AliasService, Decision
from core_service.proposals.errors import RequestPending
from core_service.proposals.models import ChangeRequest, Proposal, RequestKind
from core_service.proposals.service import ProposalService

PENDING_ONCE: Final = "uq_change_requests_pending_entity"


class DecisionVerdict(StrEnum):
    """What became of a decision."""

    DECIDED = "decided"
    PROPOSED = "asked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision and its verdict; `request_id` is of the request to an administrator."""

    decision: Decision
    verdict: DecisionVerdict
    request_id: UUID | None = None
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class AliasDecisions:
    """Makes the decisions that the caller may make, and proposes the others."""

    aliases: AliasService
    proposals: ProposalService

    async def decide(self, decisions: Sequence[Decision], principal: Principal) -> list[Verdict]:
        """Decide one by one; the verdicts in the order of the decisions.

        Aliases are locked in the order of their IDs, so that two lists never deadlock.
        """
        by, known = Proposer.of(principal), await self.aliases.known_to(principal, decisions)
        verdicts: dict[int, Verdict] = {}
        for index in sorted(range(len(decisions)), key=lambda index: decisions[index].alias_id):
            verdicts[index] = await self._decide(decisions[index], known, by)
        return [verdicts[index] for index in range(len(decisions))]

    async def _decide(self, decision: Decision, known: Collection[UUID], by: Proposer) -> Verdict:
        try:
            async with self.aliases.aliases.session.begin_nested():
                await self.aliases.require_known(decision, known)
                result = await self.proposals.submit(proposal_of(decision), by)
        except DomainError as error:
            return Verdict(decision, DecisionVerdict.REFUSED, error=error)
        except IntegrityError as error:
            if constraint_name(error) != PENDING_ONCE:
                raise
            return Verdict(decision, DecisionVerdict.REFUSED, error=RequestPending())
        if isinstance(result, ChangeRequest):
            return Verdict(decision, DecisionVerdict.PROPOSED, result.id)
        return Verdict(decision, DecisionVerdict.DECIDED)


def proposal_of(decision: Decision) -> Proposal:
    """The proposal of a decision, for one court or for all."""
    target_id, court_id = decision.target_id, decision.court_id
    return Proposal(
        RequestKind.ALIAS_REJECT if target_id is None else RequestKind.ALIAS_ACCEPT,
        court_id=court_id,
        deciding_court_id=court_id,
        entity=Alias.__tablename__,
        entity_id=decision.alias_id,
        terms={} if target_id is None else {"target_id": str(target_id)},
    )
