"""Bodies about sessions."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from auth_service.sessions.models import Session
from common.schemas import ResponseModel


class SessionRead(ResponseModel):
    """A live session."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f3a7-5555-7d2a-9d5b-3f6a1c2b4d5e",
                    "device_name": "Counter 3",
                    "ip": "203.0.113.7",
                    "user_agent": "Mozilla/5.0",
                    "created_at": "2026-01-05T08:00:00Z",
                    "last_used_at": "2026-01-05T09:30:00Z",
                    "expires_at": "2026-04-05T08:00:00Z",
                    "current": True,
                }
            ]
        }
    )

    id: UUID
    device_name: str | None
    ip: str | None
    user_agent: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool = Field(description="whether this request came from it")

    @classmethod
    def of(cls, session: Session, current: UUID | None) -> "SessionRead":
        """The body for a session; `current` is that of the request."""
        return cls.model_validate(session.model_dump() | {"current": session.id == current})
