"""The desk that changes are handed in at: it answers with what was made, or with the request."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Response, status

from common.caller import PrincipalDep
from common.composition import lasting, working
from common.idempotency import Answer, Idempotency, IdempotencyDep
from common.identity import Principal
from common.problem_responses import ALLOWED, CREATING, Errors
from core_service.access.courts import asking
from core_service.activities.schemas import ActivityRead
from core_service.activities.service import ActivityService
from core_service.cases.schemas import CaseRead
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL
from core_service.change_requests.deeds import Done, Wish, required
from core_service.change_requests.errors import RequestPending
from core_service.change_requests.models import ChangeRequest
from core_service.change_requests.schemas import ChangeRequestRead
from core_service.change_requests.service import ChangeRequestService
from core_service.users.directory import UserDirectory

ActivitiesDep = Annotated[ActivityService, Depends(working(ActivityService))]
CasesDep = Annotated[CaseService, Depends(working(CaseService))]
RequestsDep = Annotated[ChangeRequestService, Depends(working(ChangeRequestService))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]


ASK: Final[Errors] = (*ALLOWED, *CREATING, RequestPending)
ASKED: Final[dict[int | str, dict[str, Any]]] = {
    status.HTTP_202_ACCEPTED: {
        "model": ChangeRequestRead,
        "description": "You may not do this yourself: an administrator has been asked",
    }
}

Show = Callable[[Done], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every endpoint of changes needs, and how it answers."""

    principal: Principal
    cases: CaseService
    activities: ActivityService
    changes: ChangeRequestService
    users: UserDirectory
    idempotency: Idempotency

    async def once(self, work: Callable[[], Awaitable[Answer]]) -> Response:
        """Do it once for its Idempotency-Key, for those alone who may decide or ask at some court.

        The role comes before the search, so that nobody who may not ask learns what there is.
        """
        asking(self.principal)
        return await self.idempotency.run(work)

    async def submit(self, wish: Wish, show: Show) -> Answer:
        """Make the change and answer as `show` does, or ask for it and answer with the request."""
        result = await self.changes.submit(wish, self.principal)
        if not isinstance(result, ChangeRequest):
            return await show(result)
        shown = (await self.requests([result]))[0]
        location = f"/api/v1/requests/{result.id}"
        return Answer(shown, HTTPStatus.ACCEPTED, result.version, location)

    async def case(self, done: Done) -> Answer:
        """The case as it is now."""
        case = await self.cases.shown(required(done.case_id))
        return Answer(CaseRead.of(case), HTTPStatus.OK, case.version)

    async def activity(self, done: Done) -> Answer:
        """The activity as it is now."""
        activity, bench = await self.activities.get(required(done.activity_id))
        return Answer(ActivityRead.of(activity, bench), HTTPStatus.OK, activity.version)

    async def hand_in(self, wish: Wish, show: Callable[[Any], Answer]) -> Response:
        """Answer once with what a change of no case made, as `show` has it, or with the request."""

        async def made(done: Done) -> Answer:
            return show(done.made)

        return await self.once(lambda: self.submit(wish, made))

    async def requests(self, rows: Sequence[ChangeRequest]) -> list[ChangeRequestRead]:
        """Requests with the names of who asked and who decided."""
        # Loaded for the audit: it notes which administrator was told of a sealed case.
        await self.cases.some((row.case_id for row in rows if row.case_id), ALL)
        people = [person for row in rows for person in (row.created_by, row.decided_by)]
        names = await self.users.names(people)
        return [ChangeRequestRead.of(row, names) for row in rows]


def desk(
    users: UsersDep,
    principal: PrincipalDep,
    cases: CasesDep,
    activities: ActivitiesDep,
    changes: RequestsDep,
    idempotency: IdempotencyDep,
) -> Desk:
    return Desk(principal, cases, activities, changes, users, idempotency)


DeskDep = Annotated[Desk, Depends(desk, scope="function")]
