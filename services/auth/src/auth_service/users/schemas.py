"""Bodies about users."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

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

    name: PersonName


class UserName(ResponseModel):
    """A user's name, for showing who did something."""

    id: UUID
    name: str


class UserNames(ResponseModel):
    """The names that were found."""

    items: list[UserName]
