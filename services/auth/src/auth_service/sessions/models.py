"""Tables of sessions and of their refresh tokens."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table, text_enum
from common.ids import uuid7


class Delivery(StrEnum):
    """How the refresh token is sent to the client."""

    BODY = "body"
    COOKIE = "cookie"


class EndReason(StrEnum):
    """Why a session has ended."""

    LOGOUT = "logout"
    USER = "user"
    ADMINISTRATOR = "administrator"
    PASSWORD = "password"  # noqa: S105 - a reason, not a secret
    DEACTIVATION = "deactivation"
    REUSE = "reuse"
    REVOKED = "revoked"
    FACTOR = "factor"
    RESTORE = "restore"


class Method(StrEnum):
    """How a user has shown who they are, as `amr` names it (RFC 8176, without `recovery`, `oidc`).

    `mfa` is added once two factors were shown.
    """

    PASSWORD = "pwd"  # noqa: S105 - a method, not a secret
    ONE_TIME_CODE = "otp"
    PASSKEY = "pop"
    RECOVERY_CODE = "recovery"
    DIRECTORY = "oidc"
    SEVERAL = "mfa"


class Session(Table, table=True):
    """One sign-in on one device, with its family of refresh tokens.

    Every decision about the family requires the lock of this row. `authenticated_at` is when the
    user last showed who they are: at the sign-in, or at a step-up.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_user_id", "user_id", "id"),
        Index("ix_sessions_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", "end_reason"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    delivery: Delivery = Field(sa_type=text_enum(Delivery))
    device_name: str | None = Field(default=None, max_length=100)
    ip: str | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=512)
    amr: list[str] = Field(
        default_factory=lambda: [Method.PASSWORD.value],
        sa_type=ARRAY(String),
        sa_column_kwargs={"server_default": text("'{pwd}'")},
    )
    created_at: datetime = Field(sa_type=UTC_TIME)
    authenticated_at: datetime = Field(
        sa_type=UTC_TIME, sa_column_kwargs={"server_default": func.now()}
    )
    last_used_at: datetime = Field(sa_type=UTC_TIME)
    idle_expires_at: datetime = Field(sa_type=UTC_TIME)
    expires_at: datetime = Field(sa_type=UTC_TIME)
    ended_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    end_reason: EndReason | None = Field(default=None, sa_type=text_enum(EndReason))

    @property
    def has_second_factor(self) -> bool:
        return Method.SEVERAL in self.amr

    def is_live(self, now: datetime) -> bool:
        """Whether the session still gives tokens."""
        return self.ended_at is None and now < self.idle_expires_at and now < self.expires_at


class RefreshToken(Table, table=True):
    """A refresh token as its SHA-256; the one without `spent_at` is the session's current one."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        UniqueConstraint("session_id", "generation"),
        Index(
            "uq_refresh_tokens_current",
            "session_id",
            unique=True,
            postgresql_where=text("spent_at IS NULL"),
        ),
    )

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session_id: UUID = Field(foreign_key="sessions.id", ondelete="CASCADE")
    generation: int
    created_at: datetime = Field(sa_type=UTC_TIME)
    spent_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
