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
from core_service.aliases.models import Alias
from core_service.aliases.service import AliasService, Decision
from core_service.change_requests.deeds import Wish
from core_service.change_requests.errors import RequestPending
from core_service.change_requests.models import ChangeRequest, RequestKind
from core_service.change_requests.service import ChangeRequestService

PENDING_ONCE: Final = "uq_change_requests_pending_entity"


class DecisionVerdict(StrEnum):
    """What became of a decision."""

    DECIDED = "decided"
    ASKED = "asked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision and its verdict; `request_id` is of the request to an administrator."""

    decision: Decision
    verdict: DecisionVerdict
    request_id: UUID | None = None
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class AliasDecisions:
    """Takes decisions where the caller may, and proposes them where the caller may not."""

    aliases: AliasService
    changes: ChangeRequestService

    async def take(self, decisions: Sequence[Decision], principal: Principal) -> list[Taken]:
        """Take decisions one by one; the verdicts in their order.

        Aliases are locked in the order of their IDs, so that two lists never wait for each other.
        """
        known = await self.aliases.known_to(principal, decisions)
        taken: dict[int, Taken] = {}
        for place in sorted(range(len(decisions)), key=lambda place: decisions[place].alias_id):
            taken[place] = await self._take(decisions[place], known, principal)
        return [taken[place] for place in range(len(decisions))]

    async def _take(
        self, decision: Decision, known: Collection[UUID], principal: Principal
    ) -> Taken:
        try:
            async with self.aliases.aliases.session.begin_nested():
                await self.aliases.require_known(decision, known)
                result = await self.changes.submit(proposal(decision), principal)
        except DomainError as error:
            return Taken(decision, DecisionVerdict.REFUSED, error=error)
        except IntegrityError as error:
            if constraint_name(error) != PENDING_ONCE:
                raise
            return Taken(decision, DecisionVerdict.REFUSED, error=RequestPending())
        if isinstance(result, ChangeRequest):
            return Taken(decision, DecisionVerdict.ASKED, result.id)
        return Taken(decision, DecisionVerdict.DECIDED)


def proposal(decision: Decision) -> Wish:
    """A decision as a change that may need an administrator: of its court, or of all courts."""
    target_id, court_id = decision.target_id, decision.court_id
    return Wish(
        RequestKind.ALIAS_REJECT if target_id is None else RequestKind.ALIAS_ACCEPT,
        court_id=court_id,
        deciding_court_id=court_id,
        entity=Alias.__tablename__,
        entity_id=decision.alias_id,
        terms={} if target_id is None else {"target_id": str(target_id)},
    )
