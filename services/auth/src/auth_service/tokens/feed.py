"""GET /internal/v1/revocations: from which others rebuild the revocations in Redis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from auth_service.clients.cutoffs import ClientCutoffs
from auth_service.sessions.service import SessionService
from auth_service.tokens.floors import RestoreFloors
from auth_service.tokens.repository import RevokedTokenRepository
from auth_service.users.service import UserService
from common.caching import NEVER_STORED
from common.caller import PrincipalDep
from common.clock import Clock
from common.composition import working
from common.dates import Moment
from common.errors import ValidationFailed
from common.problem_responses import ALLOWED, problems
from common.schemas import ResponseModel

# The time of a change is taken before it is committed: the next reading must begin earlier.
OVERLAP: Final = timedelta(seconds=20)


class EndedSession(ResponseModel):
    """A session whose access tokens are refused."""

    id: UUID
    ended_at: datetime


class StaleSubject(ResponseModel):
    """A user whose tokens of lower versions are refused."""

    id: UUID
    token_version: int


class StaleClient(ResponseModel):
    """A service client whose tokens of lower versions are refused."""

    client_id: str
    token_version: int
    tokens_valid_from: datetime = Field(description="when the version was raised")


class RevokedTokenRead(ResponseModel):
    """A single token that is refused."""

    jti: str
    expires_at: datetime


class RevocationsRead(ResponseModel):
    """What was revoked since the requested moment; the next request uses `as_of`."""

    sessions: list[EndedSession]
    subjects: list[StaleSubject]
    clients: list[StaleClient]
    tokens: list[RevokedTokenRead]
    floor: datetime | None = Field(description="tokens issued before it are refused")
    as_of: datetime


@dataclass(frozen=True, slots=True)
class RevocationFeed:
    """Reads what was revoked, from Postgres."""

    sessions: SessionService
    users: UserService
    clients: ClientCutoffs
    tokens: RevokedTokenRepository
    floors: RestoreFloors
    clock: Clock

    async def since(self, moment: datetime, *, services_only: bool) -> RevocationsRead:
        """What was revoked at or after a moment; `services_only` leaves sessions and users out."""
        as_of = self.clock.now() - OVERLAP
        everything = not services_only
        answer: dict[str, datetime | Sequence[object] | None] = {
            "sessions": await self.sessions.ended_since(moment) if everything else (),
            "subjects": await self.users.grants_changed_since(moment) if everything else (),
            "clients": await self.clients.since(moment),
            "tokens": await self.tokens.all(self.tokens.revoked_since(moment)),
            "floor": await self.floors.newest_since(moment),
            "as_of": as_of,
        }
        return RevocationsRead.model_validate(answer, from_attributes=True)


FeedDep = Annotated[RevocationFeed, Depends(working(RevocationFeed))]

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
    feed: FeedDep,
    principal: PrincipalDep,
    since: Annotated[Moment, Query()],
    services_only: Annotated[bool, Query(description="leave sessions and users out")] = False,
) -> RevocationsRead:
    """What was revoked since a moment, for a service with the scope `revocations:read`."""
    principal.require_scope("revocations:read")
    return await feed.since(since, services_only=services_only)
