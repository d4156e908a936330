"""Statements about users and their grants."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, func, or_, text, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.users.models import CourtGroup, MailState, User, UserFilter, UserGrant
from common.identity import Role
from common.repository import Repository

HASH_SAMPLES: Final = text(r"""
SELECT DISTINCT ON (kind) password_hash FROM (
  SELECT password_hash, CASE
    WHEN password_hash ~ '\$2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}$' THEN left(password_hash, -54)
    ELSE regexp_replace(password_hash, '\$[^$]*\$[^$]*$', '') END AS kind
  FROM users WHERE password_hash IS NOT NULL
) AS hashes
""")
ADMINISTRATION_LOCK: Final = 4_061_520_005


@dataclass(frozen=True, slots=True)
class UserRepository(Repository[User]):
    model: ClassVar[type[Any]] = User

    def with_email(self, email: str) -> SelectOfScalar[User]:
        return self.statement().where(col(User.email) == email)

    def with_ids(self, user_ids: Collection[UUID]) -> SelectOfScalar[User]:
        return self.statement().where(col(User.id).in_(user_ids)).order_by(col(User.id))

    async def hash_samples(self) -> Sequence[str]:
        """One stored hash of each scheme and cost (`passwords.scheme.kind_of`)."""
        connection = await self.session.connection()
        return list((await connection.execute(HASH_SAMPLES)).scalars())

    async def note_mail_queued(self, user_id: UUID, at: datetime) -> None:
        values = {"mail_state": MailState.QUEUED, "mail_reason": None, "mail_at": at}
        await self.session.exec(update(User).where(col(User.id) == user_id).values(**values))

    async def lock_administration(self) -> None:
        """Serialise administrative changes until the end of the transaction."""
        await self.session.exec(select(func.pg_advisory_xact_lock(ADMINISTRATION_LOCK)))

    def matching(
        self, wanted: UserFilter, now: datetime, is_locked: ColumnElement[bool]
    ) -> SelectOfScalar[User]:
        """Users who match every part of the filter; `is_locked` says of a user whether they are."""
        statement = self.statement()
        if wanted.is_active is not None:
            statement = statement.where(col(User.is_active).is_(wanted.is_active))
        if wanted.is_locked is not None:
            statement = statement.where(is_locked if wanted.is_locked else ~is_locked)
        if wanted.text:
            statement = statement.where(
                or_(
                    col(User.name).icontains(wanted.text, autoescape=True),
                    col(User.email).icontains(wanted.text, autoescape=True),
                )
            )
        if wanted.role is not None or wanted.court_id is not None:
            statement = statement.where(_holds(wanted.role, wanted.court_id, now))
        return statement

    def permanent_admins(self, now: datetime) -> SelectOfScalar[User]:
        """Administrators of all courts whose grant is in force, does not expire and does not end
        with a group of a directory.
        """
        granted = select(UserGrant.id).where(
            col(UserGrant.user_id) == col(User.id),
            col(UserGrant.role) == Role.ADMIN,
            col(UserGrant.court_ids).is_(None),
            col(UserGrant.expires_at).is_(None),
            _is_in_force(now),
            col(UserGrant.mapping_id).is_(None),
        )
        return self.statement().where(
            col(User.is_active), col(User.password_hash).is_not(None), granted.exists()
        )

    def with_tokens_valid_from(self, since: datetime) -> SelectOfScalar[User]:
        return self.statement().where(col(User.tokens_valid_from) >= since)


@dataclass(frozen=True, slots=True)
class GrantRepository(Repository[UserGrant]):
    model: ClassVar[type[Any]] = UserGrant

    def of_users(self, user_ids: Sequence[UUID]) -> SelectOfScalar[UserGrant]:
        return (
            self.statement()
            .where(col(UserGrant.user_id).in_(user_ids))
            .order_by(col(UserGrant.role), col(UserGrant.id))
        )

    def not_over(self, user_ids: Sequence[UUID], now: datetime) -> SelectOfScalar[UserGrant]:
        """The grants of these users that are in force or will be."""
        return self.of_users(user_ids).where(_is_not_over(now))

    def of_group(self, group_id: UUID, now: datetime) -> SelectOfScalar[UserGrant]:
        """The grants by a group that are in force or will be."""
        return self.statement().where(col(UserGrant.group_id) == group_id, _is_not_over(now))

    def of_mapping(self, mapping_id: UUID) -> SelectOfScalar[UserGrant]:
        by_mapping = self.statement().where(col(UserGrant.mapping_id) == mapping_id)
        return by_mapping.order_by(col(UserGrant.user_id))

    def in_force_of_active(
        self, user_ids: Sequence[UUID], now: datetime
    ) -> SelectOfScalar[UserGrant]:
        """The grants in force of those of the users who are active."""
        active = select(User.id).where(col(User.is_active))
        held = self.of_users(user_ids).where(_is_in_force(now))
        return held.where(col(UserGrant.user_id).in_(active))


@dataclass(frozen=True, slots=True)
class GroupRepository(Repository[CourtGroup]):
    model: ClassVar[type[Any]] = CourtGroup

    def named(self, name: str) -> SelectOfScalar[CourtGroup]:
        return self.statement().where(col(CourtGroup.name) == name)


def _is_not_over(now: datetime) -> ColumnElement[bool]:
    expires_at = col(UserGrant.expires_at)
    return or_(expires_at.is_(None), expires_at > now)


def _is_in_force(now: datetime) -> ColumnElement[bool]:
    begins_at = col(UserGrant.begins_at)
    return and_(or_(begins_at.is_(None), begins_at <= now), _is_not_over(now))


def _holds(role: Role | None, court_id: UUID | None, now: datetime) -> ColumnElement[bool]:
    """Whether one grant in force gives the role at the court."""
    court_ids = col(UserGrant.court_ids)
    grants = select(UserGrant.id).where(col(UserGrant.user_id) == col(User.id), _is_in_force(now))
    if role is not None:
        grants = grants.where(col(UserGrant.role) == role)
    if court_id is not None:
        grants = grants.where(or_(court_ids.is_(None), any_(court_ids) == court_id))
    return grants.exists()
