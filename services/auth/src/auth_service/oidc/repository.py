"""Statements about mappings of groups and sign-ins under way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.oidc.models import GroupMapping, SignInCode, UsedState
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class MappingRepository(Repository[GroupMapping]):
    model: ClassVar[type[Any]] = GroupMapping

    def of_issuer(self, issuer: str) -> SelectOfScalar[GroupMapping]:
        of_issuer = self.statement().where(col(GroupMapping.issuer) == issuer)
        return of_issuer.order_by(col(GroupMapping.id))

    def of_groups(self, issuer: str, groups: Collection[str]) -> SelectOfScalar[GroupMapping]:
        return self.of_issuer(issuer).where(col(GroupMapping.group_name).in_(groups))


@dataclass(frozen=True, slots=True)
class SignInCodeRepository(Repository[SignInCode]):
    model: ClassVar[type[Any]] = SignInCode


@dataclass(frozen=True, slots=True)
class UsedStates:
    session: AsyncSession

    async def use(self, state_hash: bytes, expires_at: datetime) -> bool:
        """Whether this is the first time."""
        row = insert(UsedState).values(state_hash=state_hash, expires_at=expires_at)
        first = row.on_conflict_do_nothing().returning(col(UsedState.state_hash))
        return (await (await self.session.connection()).execute(first)).first() is not None
