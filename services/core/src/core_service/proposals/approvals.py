"""Submits proposals for endpoints; the answer is the changed resource, or 202 with the request."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, status

from common.caller import PrincipalDep
from common.composition import lasting, working
from common.identity import Principal
from common.problem_responses import ALLOWED, CREATING, Errors
from common.writes import Answer
from core_service.access.callers import Proposer
from core_service.activities.schemas import ActivityRead
from core_service.activities.service import ActivityService
from core_service.cases.schemas import CaseRead
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL
from core_service.proposals.errors import RequestPending
from core_service.proposals.models import ChangeRequest
from core_service.proposals.proposal import Proposal, Result, required
from core_service.proposals.schemas import ChangeRequestRead
from core_service.proposals.service import ProposalService
from core_service.users.directory import UserDirectory

ActivitiesDep = Annotated[ActivityService, Depends(working(ActivityService))]
CasesDep = Annotated[CaseService, Depends(working(CaseService))]
ProposalsDep = Annotated[ProposalService, Depends(working(ProposalService))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]

PROPOSING: Final[Errors] = (*ALLOWED, *CREATING, RequestPending)
ACCEPTED: Final[dict[int | str, dict[str, Any]]] = {
    status.HTTP_202_ACCEPTED: {
        "model": ChangeRequestRead,
        "description": "The change needs an administrator and waits for approval",
    }
}


@dataclass(frozen=True, slots=True)
class Approvals:
    """What every endpoint of a change that needs approval uses."""

    principal: Principal
    by: Proposer
    cases: CaseService
    activities: ActivityService
    proposals: ProposalService
    users: UserDirectory

    async def submit(
        self,
        propose: Callable[[], Awaitable[Proposal]],
        show: Callable[[Result], Awaitable[Answer]],
    ) -> Answer:
        """Make the change and answer as `show` does, or store it and answer with the request."""
        result = await self.proposals.submit(await propose(), self.by)
        if not isinstance(result, ChangeRequest):
            return await show(result)
        (shown,) = await self.read([result])
        location = f"/api/v1/requests/{result.id}"
        return Answer(shown, HTTPStatus.ACCEPTED, result.version, location)

    async def submit_shared(self, proposal: Proposal, show: Callable[[Any], Answer]) -> Answer:
        """Submit a change of shared data; `show` answers with the value that it results in."""

        async def propose() -> Proposal:
            return proposal

        async def answer(result: Result) -> Answer:
            return show(result.value)

        return await self.submit(propose, answer)

    async def show_case(self, result: Result) -> Answer:
        """The case as it is now."""
        case = await self.cases.shown(required(result.case_id))
        return Answer(CaseRead.of(case), HTTPStatus.OK, case.version)

    async def show_activity(self, result: Result) -> Answer:
        """The activity as it is now."""
        activity, bench = await self.activities.get(required(result.activity_id))
        return Answer(ActivityRead.of(activity, bench), HTTPStatus.OK, activity.version)

    async def read(self, requests: Sequence[ChangeRequest]) -> list[ChangeRequestRead]:
        """Requests with the names of their users."""
        # Loaded for the audit: it notes which administrator has read of a sealed case.
        await self.cases.some((each.case_id for each in requests if each.case_id), ALL)
        user_ids = [user_id for each in requests for user_id in (each.created_by, each.decided_by)]
        names = await self.users.names(user_ids)
        return [ChangeRequestRead.of(each, names) for each in requests]


def approvals(
    principal: PrincipalDep,
    cases: CasesDep,
    activities: ActivitiesDep,
    proposals: ProposalsDep,
    users: UsersDep,
) -> Approvals:
    return Approvals(principal, Proposer.of(principal), cases, activities, proposals, users)


ApprovalsDep = Annotated[Approvals, Depends(approvals, scope="function")]
