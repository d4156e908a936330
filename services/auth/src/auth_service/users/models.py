"""Tables of users, their grants, and what links and printed codes do to their accounts."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, LargeBinary, Uuid, func
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
    `factor_due_at` on a role that must have a second factor gives no session without one. A dormant
    account is deactivated at `dormant_at`. `active_changed_at` is when `is_active` changed last.
    """

    __tablename__ = "users"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    password_hash: str | None = Field(default=None, repr=False)
    password_changed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    is_active: bool = True
    active_changed_at: datetime = Field(
        sa_type=UTC_TIME, sa_column_kwargs={"server_default": func.now()}
    )
    last_signed_in_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    dormant_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    anonymised_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    token_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    tokens_valid_from: datetime | None = Field(default=None, sa_type=UTC_TIME, index=True)
    factor_due_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    mail_state: MailState | None = Field(default=None, sa_type=text_enum(MailState))
    mail_reason: str | None = Field(default=None, max_length=MAX_MAIL_REASON)
    mail_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    created_at: datetime = Field(sa_type=UTC_TIME)
    updated_at: datetime = Field(sa_type=UTC_TIME)
    version: int = 1


class CourtGroup(Table, table=True):
    """Courts under one name. Grants that name the group have a copy of its courts."""

    __tablename__ = "court_groups"
    __table_args__ = (CheckConstraint("cardinality(court_ids) > 0", "court_ids"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    name: str = Field(max_length=200, unique=True)
    court_ids: list[UUID] = Field(sa_type=ARRAY(Uuid))
    created_at: datetime = Field(sa_type=UTC_TIME)
    updated_at: datetime = Field(sa_type=UTC_TIME)
    version: int = 1


class UserGrant(Table, table=True):
    """One decision to give a user a role; `court_ids` is null for all courts.

    It is in force from `begins_at`, or at once, until `expires_at`, or until it is removed. With a
    `group_id` the courts follow those of the group until the grant is over.
    `mapping_id` names the mapping of a directory's group that it follows from.
    """

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("court_ids IS NULL OR cardinality(court_ids) > 0", "court_ids"),
        CheckConstraint("group_id IS NULL OR court_ids IS NOT NULL", "group_courts"),
        CheckConstraint("begins_at < expires_at", "period"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=text_enum(Role))
    court_ids: list[UUID] | None = Field(default=None, sa_type=ARRAY(Uuid))
    expires_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    mapping_id: UUID | None = Field(default=None, foreign_key="group_mappings.id", index=True)
    created_at: datetime = Field(sa_type=UTC_TIME)
    created_by: UUID | None = None
    begins_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    group_id: UUID | None = Field(
        default=None, foreign_key="court_groups.id", ondelete="SET NULL", index=True
    )
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})

    def has_begun(self, now: datetime) -> bool:
        return self.begins_at is None or self.begins_at <= now

    def is_over(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


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
    is_locked: bool | None = None
    text: str | None = field(default=None, repr=False)
