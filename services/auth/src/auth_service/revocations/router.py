"""GET /internal/v1/revocations: the feed by which others can rebuild what Redis held."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query

from auth_service.revocations.feed import read_since
from auth_service.revocations.schemas import RevocationsRead
from auth_service.units import WorkDep
from common.caching import NEVER_STORED
from common.caller import PrincipalDep
from common.dates import Moment
from common.errors import ValidationFailed
from common.problem_responses import ALLOWED, problems

# A change is stamped before it commits; so much earlier the next reading must begin.
OVERLAP: Final = timedelta(seconds=20)

router = APIRouter(
    prefix="/internal/v1",
    tags=["internal"],
    include_in_schema=False,
    dependencies=[NEVER_STORED],
)


@router.get(
    "/revocations",
    summary="What was revoked since a moment",
    responses=problems(ALLOWED, ValidationFailed),
)
async def read_revocations(
    work: WorkDep,
    principal: PrincipalDep,
    since: Annotated[Moment, Query()],
    services_only: Annotated[bool, Query(description="leave sessions and users out")] = False,
) -> RevocationsRead:
    """What was revoked since a moment, for a service with the scope `revocations:read`."""
    principal.require_scope("revocations:read")
    as_of = work.audit.clock.now() - OVERLAP
    feed = await read_since(work, since, services_only=services_only)
    answer = {
        "sessions": feed.sessions,
        "subjects": feed.users,
        "clients": feed.clients,
        "tokens": feed.tokens,
        "as_of": as_of,
    }
    return RevocationsRead.model_validate(answer, from_attributes=True)
