"""Tables of what directories' groups may do, and of sign-ins under way."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, LargeBinary, UniqueConstraint, Uuid
from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table, text_enum
from auth_service.users.identities import MAX_ISSUER
from common.identity import Role
from common.ids import uuid7

MAX_GROUP: Final = 255
MAX_SID: Final = 255


class GroupMapping(Table, table=True):
    """The role that members of a directory's group have; `court_ids` is null for all courts.

    It is never changed, so that a grant says by its mapping what it was given for.
    """

    __tablename__ = "group_mappings"
    __table_args__ = (
        UniqueConstraint("issuer", "group_name", "role"),
        CheckConstraint("court_ids IS NULL OR cardinality(court_ids) > 0", "court_ids"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    issuer: str = Field(max_length=MAX_ISSUER)
    group_name: str = Field(max_length=MAX_GROUP)
    role: Role = Field(sa_type=text_enum(Role))
    court_ids: list[UUID] | None = Field(default=None, sa_type=ARRAY(Uuid))
    created_at: datetime = Field(sa_type=UTC_TIME)
    created_by: UUID | None = None


class SignInCode(Table, table=True):
    """What a frontend exchanges once for tokens, with the secret whose SHA-256 is `code_challenge`.

    `factor_shown`: the directory has asked for a second factor that counts.
    """

    __tablename__ = "sign_in_codes"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    code_challenge: str = Field(max_length=43)
    identity_id: UUID = Field(foreign_key="identities.id", ondelete="CASCADE", index=True)
    sid: str | None = Field(default=None, max_length=MAX_SID)
    factor_shown: bool
    authenticated_at: datetime = Field(sa_type=UTC_TIME)
    created_at: datetime = Field(sa_type=UTC_TIME)
    expires_at: datetime = Field(sa_type=UTC_TIME, index=True)


class DirectorySession(Table, table=True):
    """A session that began at a directory, for the directory to end; `sid` is its session there.

    It is written before the session, which may wait for a second factor.
    """

    __tablename__ = "directory_sessions"

    session_id: UUID = Field(primary_key=True)
    identity_id: UUID = Field(foreign_key="identities.id", ondelete="CASCADE", index=True)
    sid: str | None = Field(default=None, max_length=MAX_SID, index=True)
    created_at: datetime = Field(sa_type=UTC_TIME, index=True)


class UsedState(Table, table=True):
    """A `state` that has come back, or a logout token, as its hash: it does so once."""

    __tablename__ = "used_states"

    state_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    expires_at: datetime = Field(sa_type=UTC_TIME, index=True)
