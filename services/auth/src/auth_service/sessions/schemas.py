"""Bodies about sessions."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from auth_service.fields import Label
from auth_service.sessions.models import Method, Session
from common.schemas import RequestModel, ResponseModel


class SessionUpdate(RequestModel):
    """The name of a session."""

    name: Label


class SessionRead(ResponseModel):
    """A live session."""

    id: UUID
    device_name: str | None
    ip: str | None
    user_agent: str | None
    amr: list[Method] = Field(description="how the user signed in; `mfa`: with a second factor")
    created_at: datetime
    authenticated_at: datetime = Field(
        description="when the user last showed a password or a second factor"
    )
    last_used_at: datetime
    expires_at: datetime
    current: bool = Field(description="whether this request came from it")

    @classmethod
    def of(cls, session: Session, current: UUID | None) -> "SessionRead":
        """The body for a session; `current` is that of the request."""
        return cls.model_validate(session.model_dump() | {"current": session.id == current})
