"""The table of signing keys."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table, text_enum


class KeyState(StrEnum):
    """A key is published while `next`, signs while `active`, and verifies while `retired`."""

    NEXT = "next"
    ACTIVE = "active"
    RETIRED = "retired"


class SigningKey(Table, table=True):
    """A key pair; the private key is encrypted under a key that the database does not have."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        Index(
            "uq_signing_keys_active",
            "state",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
    )

    kid: str = Field(primary_key=True, max_length=64)
    algorithm: str = Field(max_length=16)
    state: KeyState = Field(sa_type=text_enum(KeyState))
    public_jwk: dict[str, Any] = Field(sa_type=JSONB)
    encrypted_private_key: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=UTC_TIME)
    activated_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    retired_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
