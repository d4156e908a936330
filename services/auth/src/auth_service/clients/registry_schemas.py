"""Bodies about service clients, as administrators see them."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from auth_service.clients.registry import NewClient
from common.schemas import RequestModel, ResponseModel

MAX_NAMES: Final = 50
_CREATE: Final[dict[str, Any]] = {
    "client_id": "reports",
    "scopes": ["users:read"],
    "audiences": ["auth"],
}
_READ: Final[dict[str, Any]] = {
    **_CREATE,
    "id": "0199f3a6-4444-7d2a-9d5b-3f6a1c2b4d5e",
    "previous_secret_until": None,
    "version": 1,
    "created_at": "2026-01-05T08:00:00Z",
    "updated_at": "2026-01-05T08:00:00Z",
}

# The characters of RFC 6749, 3.3, and names that need no escaping anywhere.
Scope = Annotated[str, StringConstraints(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]{1,100}$")]
PlainName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,63}$")]


class ServiceClientCreate(RequestModel):
    """A client to register."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CREATE]})

    client_id: PlainName
    scopes: list[Scope] = Field(max_length=MAX_NAMES, description="scopes that its tokens may have")
    audiences: list[PlainName] = Field(
        min_length=1, max_length=MAX_NAMES, description="services that it may call"
    )

    def to_client(self) -> NewClient:
        """The argument of the service."""
        return NewClient(self.client_id, frozenset(self.scopes), frozenset(self.audiences))


class ServiceClientRead(ResponseModel):
    """A service client."""

    model_config = ConfigDict(json_schema_extra={"examples": [_READ]})

    id: UUID
    client_id: str
    scopes: list[str]
    audiences: list[str]
    previous_secret_until: datetime | None = Field(
        description="how long the previous secret still works; null: not at all"
    )
    version: int
    created_at: datetime
    updated_at: datetime


class ServiceClientSecret(ServiceClientRead):
    """A service client with its secret, which is shown only once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [_READ | {"client_secret": "shown-once-5Q2v8bQy0m2cG1rT6dKz9wXhL4nP7sJe"}]
        }
    )

    client_secret: str | None = Field(
        description=(
            "shown only once; null when the answer is that of an earlier request with the same"
            " `Idempotency-Key`, because secrets are not stored: rotate it then"
        )
    )
