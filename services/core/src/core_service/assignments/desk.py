"""The desk that assignments are made at."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from common.caller import PrincipalDep
from common.composition import lasting, working
from common.idempotency import Answer, Idempotency, IdempotencyDep
from common.identity import Principal
from core_service.access.actors import Actor
from core_service.access.courts import require_court, writing
from core_service.assignments.models import CaseJudgeAssignment
from core_service.assignments.schemas import AssignmentRead
from core_service.assignments.service import AssignmentService
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import reading
from core_service.users.directory import UserDirectory

AssignmentsDep = Annotated[AssignmentService, Depends(working(AssignmentService))]
CasesDep = Annotated[CaseService, Depends(working(CaseService))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]


# Changes a locked case, in the caller's name.
Work = Callable[[Case, Actor], Awaitable[CaseJudgeAssignment]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every endpoint of a case's assignments needs."""

    principal: Principal
    cases: CaseService
    assignments: AssignmentService
    users: UserDirectory
    idempotency: Idempotency

    async def change(self, case_id: UUID, work: Work, status: int) -> Response:
        """Do the work once on the case, where the caller may change it, and show the result."""
        allowed = writing(self.principal)

        async def answer() -> Answer:
            case = await self.cases.lock(case_id, reading(self.principal))
            require_court(allowed, case.court_id)
            row = await work(case, Actor.of(self.principal))
            return Answer((await self.shown([row]))[0], status, row.version)

        return await self.idempotency.run(answer)

    async def shown(self, rows: Sequence[CaseJudgeAssignment]) -> list[AssignmentRead]:
        """Assignments with the names of judges and of who made them."""
        judges = await self.assignments.judges(rows)
        names = await self.users.names(row.created_by for row in rows)
        return [AssignmentRead.of(row, judges[row.judge_id], names) for row in rows]


def desk(
    users: UsersDep,
    principal: PrincipalDep,
    cases: CasesDep,
    assignments: AssignmentsDep,
    idempotency: IdempotencyDep,
) -> Desk:
    return Desk(principal, cases, assignments, users, idempotency)


DeskDep = Annotated[Desk, Depends(desk, scope="function")]
