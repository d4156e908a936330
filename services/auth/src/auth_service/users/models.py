"""Tables of users, their grants, and what links and printed codes do to their accounts."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, LargeBinary, Uuid
from sqlmodel import Field

from auth_service.tables import UTC_TIME, Table, text_enum
from common.identity import Role
from common.ids import uuid7

MAX_MAIL_REASON: Final = 200


class MailState(StrEnum):
    """What has become of the last letter to a user."""

    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"


class User(Table, table=True):
    """A user. `email`, by which they sign in, is stored normalised.

    Tokens with a lower version than `token_version` are refused: their grants are out of date.
    `tokens_valid_from` is when it was raised last. `mail_state` is that of the last letter. From
    `factor_due_at` on a role that must have a second factor gives no session without one.
    """

    __tablename__ = "users"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    password_hash: str | None = Field(default=None, repr=False)
    password_changed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    is_active: bool = True
    token_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    tokens_valid_from: datetime | None = Field(default=None, sa_type=UTC_TIME, index=True)
    factor_due_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    mail_state: MailState | None = Field(default=None, sa_type=text_enum(MailState))
    mail_reason: str | None = Field(default=None, max_length=MAX_MAIL_REASON)
    mail_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    created_at: datetime = Field(sa_type=UTC_TIME)
    updated_at: datetime = Field(sa_type=UTC_TIME)
    version: int = 1


class UserGrant(Table, table=True):
    """One decision to give a user a role; `court_ids` is null for all courts.

    `mapping_id` names the mapping of a directory's group that it follows from.
    """

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("court_ids IS NULL OR cardinality(court_ids) > 0", "court_ids"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=text_enum(Role))
    court_ids: list[UUID] | None = Field(default=None, sa_type=ARRAY(Uuid))
    expires_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    mapping_id: UUID | None = Field(default=None, foreign_key="group_mappings.id", index=True)
    created_at: datetime = Field(sa_type=UTC_TIME)
    created_by: UUID | None = None


class SingleUse(Table):
    """What is stored of a link or code that works once: its hash, and how often it was guessed."""

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    tries: int = 0
    created_at: datetime = Field(sa_type=UTC_TIME)
    expires_at: datetime = Field(sa_type=UTC_TIME)


class TokenPurpose(StrEnum):
    """The reason for which a password may be set."""

    INVITATION = "invitation"
    RESET = "reset"


class PasswordToken(SingleUse, table=True):
    """A token of a user. Using one deletes all of them, and a new one of a reset the others."""

    __tablename__ = "password_tokens"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    purpose: TokenPurpose = Field(sa_type=text_enum(TokenPurpose))


class OneTimeCode(SingleUse, table=True):
    """A printed code with which a user without mail sets a password. `label` is its first part, by
    which it is found: guesses without it are none at this code.
    """

    __tablename__ = "one_time_codes"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    label: str = Field(max_length=8)


class EmailChange(Table, table=True):
    """A change of a user's address: requested while it has no `confirmed_at`.

    The mail is the letter to the new address with the link that confirms it.
    """

    __tablename__ = "email_changes"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    old_email: str = Field(max_length=254)
    new_email: str = Field(max_length=254)
    created_at: datetime = Field(sa_type=UTC_TIME, index=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    mail_state: MailState | None = Field(default=None, sa_type=text_enum(MailState))
    mail_reason: str | None = Field(default=None, max_length=MAX_MAIL_REASON)
    mail_at: datetime | None = Field(default=None, sa_type=UTC_TIME)


class EmailPurpose(StrEnum):
    """What a link does to a change of an address."""

    CONFIRM = "confirm"
    UNDO = "undo"


class EmailLink(SingleUse, table=True):
    """A link of a letter about a change of an address."""

    __tablename__ = "email_links"

    change_id: UUID = Field(foreign_key="email_changes.id", ondelete="CASCADE", index=True)
    purpose: EmailPurpose = Field(sa_type=text_enum(EmailPurpose))


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users to read; None means any."""

    role: Role | None = None
    court_id: UUID | None = None
    is_active: bool | None = None
    text: str | None = field(default=None, repr=False)
