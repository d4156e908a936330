"""Bodies about service clients, as administrators see them."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from auth_service.clients.registry import ClientChange, NewClient
from common.schemas import RequestModel, ResponseModel

MAX_NAMES: Final = 50

# The characters of RFC 6749, 3.3, and names that need no escaping anywhere.
Scope = Annotated[str, StringConstraints(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]{1,100}$")]
PlainName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,63}$")]


class ServiceClientCreate(RequestModel):
    """A client to register."""

    client_id: PlainName
    scopes: list[Scope] = Field(max_length=MAX_NAMES, description="scopes that its tokens may have")
    audiences: list[PlainName] = Field(
        min_length=1, max_length=MAX_NAMES, description="services that it may call"
    )

    def to_client(self) -> NewClient:
        return NewClient(self.client_id, frozenset(self.scopes), frozenset(self.audiences))


class ServiceClientUpdate(RequestModel):
    """What to change; at least one member."""

    scopes: list[Scope] | None = Field(default=None, max_length=MAX_NAMES)
    audiences: list[PlainName] | None = Field(default=None, min_length=1, max_length=MAX_NAMES)
    is_active: bool | None = Field(default=None, description="false: it gets no tokens")

    @model_validator(mode="after")
    def _something(self) -> "ServiceClientUpdate":
        if self.scopes is None and self.audiences is None and self.is_active is None:
            raise ValueError("give scopes, audiences or is_active")
        return self

    def to_change(self) -> ClientChange:
        return ClientChange(_set(self.scopes), _set(self.audiences), self.is_active)


def _set(names: list[str] | None) -> frozenset[str] | None:
    return frozenset(names) if names is not None else None


class ServiceClientRead(ResponseModel):
    """A service client."""

    id: UUID
    client_id: str
    scopes: list[str]
    audiences: list[str]
    is_active: bool
    previous_secret_until: datetime | None = Field(
        description="how long the previous secret still works; null: not at all"
    )
    version: int
    created_at: datetime
    updated_at: datetime


class ServiceClientSecret(ServiceClientRead):
    """A service client with its secret, which is shown only once."""

    client_secret: str | None = Field(
        description=(
            "shown only once; null when the answer is that of an earlier request with the same"
            " `Idempotency-Key`, because secrets are not stored: rotate it then"
        )
    )
