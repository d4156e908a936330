"""Bodies of the rebuild feed."""

from datetime import datetime
from uuid import UUID

from common.schemas import ResponseModel


class EndedSession(ResponseModel):
    """A session whose access tokens are refused."""

    id: UUID
    ended_at: datetime


class StaleSubject(ResponseModel):
    """A user whose tokens issued before a moment are refused."""

    id: UUID
    tokens_valid_from: datetime


class RevokedTokenRead(ResponseModel):
    """A single token that is refused."""

    jti: str
    expires_at: datetime


class RevocationsRead(ResponseModel):
    """What was revoked since the moment asked for; ask next time with `as_of`."""

    sessions: list[EndedSession]
    subjects: list[StaleSubject]
    tokens: list[RevokedTokenRead]
    as_of: datetime
