"""Statements about users and their grants."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.users.models import User, UserGrant
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class UserRepository(Repository[User]):
    """Users."""

    model: ClassVar[type[Any]] = User

    def with_email(self, email: str) -> SelectOfScalar[User]:
        return self.statement().where(col(User.email) == email)

    def with_ids(self, user_ids: Collection[UUID]) -> SelectOfScalar[User]:
        return self.statement().where(col(User.id).in_(user_ids)).order_by(col(User.id))

    def with_tokens_valid_from(self, since: datetime) -> SelectOfScalar[User]:
        return self.statement().where(col(User.tokens_valid_from) >= since)

    def held(self, user_id: UUID) -> SelectOfScalar[User]:
        """One user who cannot change until the transaction ends; others may hold it as well."""
        statement = self.statement().where(col(User.id) == user_id).with_for_update(read=True)
        return statement.execution_options(populate_existing=True)


@dataclass(frozen=True, slots=True)
class GrantRepository(Repository[UserGrant]):
    """Grants."""

    model: ClassVar[type[Any]] = UserGrant

    def of_user(self, user_id: UUID) -> SelectOfScalar[UserGrant]:
        return (
            self.statement()
            .where(col(UserGrant.user_id) == user_id)
            .order_by(col(UserGrant.role), col(UserGrant.id))
        )

    def in_force(self, user_id: UUID, now: datetime) -> SelectOfScalar[UserGrant]:
        expires_at = col(UserGrant.expires_at)
        return self.of_user(user_id).where(or_(expires_at.is_(None), expires_at > now))
