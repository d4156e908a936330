"""The table of tokens by which a password may be set."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table, text_enum
from common.ids import uuid7


class TokenPurpose(StrEnum):
    """Why a password may be set."""

    INVITATION = "invitation"
    RESET = "reset"


class PasswordToken(Table, table=True):
    """The newest token of a user, who has no other: a newer one takes the row's place, and using it
    takes the row away.
    """

    __tablename__ = "password_tokens"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    purpose: TokenPurpose = Field(sa_type=text_enum(TokenPurpose))
    secret_hash: bytes = Field(sa_type=LargeBinary)
    tries: int = 0
    created_at: datetime = Field(sa_type=UTC_TIME)
    expires_at: datetime = Field(sa_type=UTC_TIME)
