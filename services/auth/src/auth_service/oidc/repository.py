"""Statements about mappings of groups and sign-ins under way."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.oidc.logout_tokens import LoggedOut
from auth_service.oidc.models import DirectorySession, GroupMapping, SignInCode, UsedState
from auth_service.users.identities import Identity
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

    def of(self, issuer: str, named: LoggedOut) -> SelectOfScalar[SignInCode]:
        """Those of the sign-ins that a logout names, locked."""
        codes = self.statement().join(Identity, col(Identity.id) == col(SignInCode.identity_id))
        return codes.where(*_named(issuer, named, col(SignInCode.sid))).with_for_update(
            of=SignInCode
        )


@dataclass(frozen=True, slots=True)
class DirectorySessionRepository(Repository[DirectorySession]):
    model: ClassVar[type[Any]] = DirectorySession

    def of(self, issuer: str, named: LoggedOut, user_id: UUID) -> SelectOfScalar[DirectorySession]:
        """The sessions of a user that a logout names."""
        identity_id = col(DirectorySession.identity_id)
        sessions = self.statement().join(Identity, col(Identity.id) == identity_id)
        return sessions.where(
            col(Identity.user_id) == user_id, *_named(issuer, named, col(DirectorySession.sid))
        )

    async def users(self, issuer: str, named: LoggedOut) -> Sequence[UUID]:
        """Whose sessions a logout names."""
        identity_id = col(DirectorySession.identity_id)
        users = select(Identity.user_id).join(DirectorySession, identity_id == col(Identity.id))
        users = users.where(*_named(issuer, named, col(DirectorySession.sid)))
        return (await self.session.exec(users.distinct().order_by(col(Identity.user_id)))).all()


def _named(issuer: str, named: LoggedOut, sid: Mapped[str | None]) -> Iterator[ColumnElement[bool]]:
    yield col(Identity.issuer) == issuer
    if named.subject is not None:
        yield col(Identity.subject) == named.subject
    if named.sid is not None:
        yield sid == named.sid


@dataclass(frozen=True, slots=True)
class UsedStates:
    session: AsyncSession

    async def use(self, state_hash: bytes, expires_at: datetime) -> bool:
        """Whether this is the first time."""
        row = insert(UsedState).values(state_hash=state_hash, expires_at=expires_at)
        first = row.on_conflict_do_nothing().returning(col(UsedState.state_hash))
        return (await (await self.session.connection()).execute(first)).first() is not None
