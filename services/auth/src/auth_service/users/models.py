"""Tables of users and of what they are granted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Uuid
from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table, text_enum
from common.identity import Role
from common.ids import uuid7


class User(Table, table=True):
    """Somebody who may sign in. `email` is stored normalised: it is what people sign in by.

    Tokens issued before `tokens_valid_from`, a whole second, are refused: the grants in them are
    no longer true.
    """

    __tablename__ = "users"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    password_hash: str | None = None
    password_changed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    is_active: bool = True
    tokens_valid_from: datetime | None = Field(default=None, sa_type=UTC_TIME, index=True)
    created_at: datetime = Field(sa_type=UTC_TIME)
    updated_at: datetime = Field(sa_type=UTC_TIME)
    version: int = 1


class UserGrant(Table, table=True):
    """One decision to give a user a role; `court_ids` is null for all courts."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("court_ids IS NULL OR cardinality(court_ids) > 0", "court_ids"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=text_enum(Role))
    court_ids: list[UUID] | None = Field(default=None, sa_type=ARRAY(Uuid))
    expires_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    created_at: datetime = Field(sa_type=UTC_TIME)
    created_by: UUID | None = None
