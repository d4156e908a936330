"""Bodies of the rebuild feed."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from common.schemas import ResponseModel


class EndedSession(ResponseModel):
    """A session whose access tokens are refused."""

    id: UUID
    ended_at: datetime


class StaleSubject(ResponseModel):
    """A user whose tokens issued before a moment are refused."""

    id: UUID
    tokens_valid_from: datetime


class StaleClient(ResponseModel):
    """A service client whose tokens issued before a moment are refused."""

    client_id: str
    tokens_valid_from: datetime


class RevokedTokenRead(ResponseModel):
    """A single token that is refused."""

    jti: str
    expires_at: datetime


class RevocationsRead(ResponseModel):
    """What was revoked since the moment asked for; ask next time with `as_of`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sessions": [
                        {
                            "id": "0199f3a7-5555-7d2a-9d5b-3f6a1c2b4d5e",
                            "ended_at": "2026-01-05T09:00:00Z",
                        }
                    ],
                    "subjects": [],
                    "clients": [],
                    "tokens": [],
                    "as_of": "2026-01-05T09:30:00Z",
                }
            ]
        }
    )

    sessions: list[EndedSession]
    subjects: list[StaleSubject]
    clients: list[StaleClient]
    tokens: list[RevokedTokenRead]
    as_of: datetime
