"""Statements about sessions and refresh tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.sessions.models import EndReason, RefreshToken, Session
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class SessionRepository(Repository[Session]):
    model: ClassVar[type[Any]] = Session

    @staticmethod
    def is_live(now: datetime) -> tuple[ColumnElement[bool], ...]:
        return (
            col(Session.ended_at).is_(None),
            col(Session.idle_expires_at) > now,
            col(Session.expires_at) > now,
        )

    def live(self, now: datetime) -> SelectOfScalar[Session]:
        return self.statement().where(*self.is_live(now))

    def live_of(self, user_id: UUID, now: datetime) -> SelectOfScalar[Session]:
        return self.live(now).where(col(Session.user_id) == user_id)

    def ended_since(self, moment: datetime) -> SelectOfScalar[Session]:
        return self.statement().where(col(Session.ended_at) >= moment)

    async def end_live(self, now: datetime, reason: EndReason) -> int:
        """End every live session of all users; how many there were."""
        values = {"ended_at": now, "end_reason": reason}
        statement = update(Session).where(*self.is_live(now)).values(**values)
        return (await self.session.exec(statement)).rowcount

    async def forget_devices(self, user_id: UUID) -> None:
        """Remove from a user's sessions what says from where and with what they were opened."""
        values = {"device_name": None, "ip": None, "user_agent": None}
        statement = update(Session).where(col(Session.user_id) == user_id).values(**values)
        await self.session.exec(statement)

    def locked(self, session_id: UUID) -> SelectOfScalar[Session]:
        """One session, locked until the transaction ends, as it is now."""
        return (
            self.statement()
            .where(col(Session.id) == session_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )


@dataclass(frozen=True, slots=True)
class RefreshTokenRepository(Repository[RefreshToken]):
    """Refresh tokens by their hash; read them after locking the session."""

    model: ClassVar[type[Any]] = RefreshToken

    def with_hash(self, token_hash: bytes) -> SelectOfScalar[RefreshToken]:
        return (
            self.statement()
            .where(col(RefreshToken.token_hash) == token_hash)
            .execution_options(populate_existing=True)
        )

    def current_of(self, session_id: UUID) -> SelectOfScalar[RefreshToken]:
        return self.statement().where(
            col(RefreshToken.session_id) == session_id, col(RefreshToken.spent_at).is_(None)
        )
