"""Statements that delete, a batch at a time so that nobody waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, delete, or_, tuple_
from sqlalchemy import select as sql_select
from sqlalchemy.sql.dml import Delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.clients.models import ClientCutoff
from auth_service.models import IDEMPOTENCY_KEYS
from auth_service.recovery.models import PasswordToken
from auth_service.revocations.models import RevokedToken
from auth_service.sessions.models import RefreshToken, Session


@dataclass(frozen=True, slots=True)
class HousekeepingRepository:
    """Deletes rows; whoever deletes the same at the same time takes others."""

    session: AsyncSession

    def over(self, before: datetime) -> SelectOfScalar[UUID]:
        """Sessions that were over at a moment: ended, or run out, which always is by idle time."""
        return select(Session.id).where(
            or_(col(Session.ended_at) < before, col(Session.idle_expires_at) < before)
        )

    async def delete_sessions(self, before: datetime, limit: int) -> int:
        """Delete sessions that were over by then, with what is left of their tokens."""
        ids = self.over(before).limit(limit).with_for_update(skip_locked=True)
        found = (await self.session.exec(ids)).all()
        return await self._delete(delete(Session).where(col(Session.id).in_(found)), found)

    async def delete_refresh_tokens(self, before: datetime, limit: int) -> int:
        """Delete the tokens of sessions that were over by then."""
        hashes = (
            select(RefreshToken.token_hash)
            .where(col(RefreshToken.session_id).in_(self.over(before)))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = (await self.session.exec(hashes)).all()
        gone = delete(RefreshToken).where(col(RefreshToken.token_hash).in_(found))
        return await self._delete(gone, found)

    async def delete_revoked_tokens(self, before: datetime, limit: int) -> int:
        """Delete the marks of access tokens that had expired by then."""
        ids = select(RevokedToken.jti).where(col(RevokedToken.expires_at) < before)
        locked = ids.limit(limit).with_for_update(skip_locked=True)
        found = (await self.session.exec(locked)).all()
        return await self._delete(
            delete(RevokedToken).where(col(RevokedToken.jti).in_(found)), found
        )

    async def delete_client_cutoffs(self, before: datetime, limit: int) -> int:
        """Delete the cutoffs that no token from before them can have outlived by then."""
        ids = select(ClientCutoff.client_id).where(col(ClientCutoff.tokens_valid_from) < before)
        found = (await self.session.exec(ids.limit(limit).with_for_update(skip_locked=True))).all()
        gone = delete(ClientCutoff).where(col(ClientCutoff.client_id).in_(found))
        return await self._delete(gone, found)

    async def delete_password_tokens(self, before: datetime, limit: int) -> int:
        """Delete set-password tokens that had expired by then."""
        ids = select(PasswordToken.id).where(col(PasswordToken.expires_at) < before)
        found = (await self.session.exec(ids.limit(limit).with_for_update(skip_locked=True))).all()
        gone = delete(PasswordToken).where(col(PasswordToken.id).in_(found))
        return await self._delete(gone, found)

    async def delete_idempotency_keys(self, before: datetime, limit: int) -> int:
        """Delete the answers that are kept for repeated requests of before then."""
        table = IDEMPOTENCY_KEYS
        key = tuple_(table.c.caller, table.c.key)
        old = sql_select(table.c.caller, table.c.key).where(table.c.created_at < before)
        connection = await self.session.connection()
        locked = old.limit(limit).with_for_update(skip_locked=True)
        found = [tuple(row) for row in await connection.execute(locked)]
        return await self._delete(delete(table).where(key.in_(found)), found)

    async def _delete(self, statement: Delete, found: Sequence[object]) -> int:
        if not found:
            return 0
        connection = await self.session.connection()
        result: CursorResult[object] = await connection.execute(statement)
        return result.rowcount
