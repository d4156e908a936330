"""Bodies about users."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from auth_service.sessions.schemas import SessionRead
from auth_service.users.types import PersonName
from common.identity import Grant, Role
from common.schemas import RequestModel, ResponseModel


class GrantRead(ResponseModel):
    """A role and its courts, as tokens carry it."""

    role: Role
    courts: list[UUID] | Literal["*"] = Field(description="`*` for all courts")

    @classmethod
    def of(cls, grant: Grant) -> "GrantRead":
        """The body for a grant."""
        return cls(role=grant.role, courts="*" if grant.courts is None else sorted(grant.courts))


class MeRead(ResponseModel):
    """The signed-in user."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0199f3a3-3333-7d2a-9d5b-3f6a1c2b4d5e",
                    "email": "clerk@masijala.example",
                    "name": "Asha Kamau",
                    "grants": [
                        {"role": "data_entry", "courts": ["0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e"]}
                    ],
                    "permissions": ["cases:read", "cases:write"],
                    "session": {
                        "id": "0199f3a7-5555-7d2a-9d5b-3f6a1c2b4d5e",
                        "device_name": "Counter 3",
                        "ip": "203.0.113.7",
                        "user_agent": "Mozilla/5.0",
                        "created_at": "2026-01-05T08:00:00Z",
                        "last_used_at": "2026-01-05T09:30:00Z",
                        "expires_at": "2026-04-05T08:00:00Z",
                        "current": True,
                    },
                    "version": 1,
                    "created_at": "2026-01-05T08:00:00Z",
                    "updated_at": "2026-01-05T08:00:00Z",
                }
            ]
        }
    )

    id: UUID
    email: str
    name: str
    grants: list[GrantRead]
    permissions: list[str]
    session: SessionRead
    version: int
    created_at: datetime
    updated_at: datetime


class MeUpdate(RequestModel):
    """What people may change about themselves."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Asha Kamau"}]})

    name: PersonName


class UserName(ResponseModel):
    """A user's name, for showing who did something."""

    id: UUID
    name: str


class UserNames(ResponseModel):
    """The names that were found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{"id": "0199f3a3-3333-7d2a-9d5b-3f6a1c2b4d5e", "name": "Asha Kamau"}]}
            ]
        }
    )

    items: list[UserName]


class UserPrincipal(ResponseModel):
    """What a user may do now."""

    id: UUID
    grants: list[GrantRead]


class ClientPrincipal(ResponseModel):
    """What a service client may do now, and at which services."""

    client_id: str
    scopes: list[str]
    audiences: list[str]


class Principals(ResponseModel):
    """Users and service clients that may do anything now; the others are left out."""

    users: list[UserPrincipal]
    clients: list[ClientPrincipal]
