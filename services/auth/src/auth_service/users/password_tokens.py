"""Tokens by which a user sets a password: an ID, and 256 random bits that only the mail holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.token_text import TokenText
from auth_service.users.models import PasswordToken, TokenPurpose, User
from auth_service.users.one_time_codes import OneTimeCodes
from auth_service.users.single_use import MAX_TRIES
from common.clock import Clock
from common.ids import uuid7
from common.repository import Repository

# A stranger who asks for an invitation again does not make the one in the mailbox invalid.
MAX_INVITATIONS: Final = 5


@dataclass(frozen=True, slots=True)
class TokenLifetimes:
    """How long a link may be used."""

    reset: timedelta
    invitation: timedelta

    def of(self, purpose: TokenPurpose) -> timedelta:
        return self.invitation if purpose is TokenPurpose.INVITATION else self.reset


@dataclass(frozen=True, slots=True)
class PasswordTokenRepository(Repository[PasswordToken]):
    model: ClassVar[type[Any]] = PasswordToken

    async def holder(self, text: TokenText, now: datetime) -> UUID | None:
        valid = select(PasswordToken.user_id).where(
            col(PasswordToken.id) == text.token_id,
            col(PasswordToken.secret_hash) == text.secret_hash,
            col(PasswordToken.tries) < MAX_TRIES,
            col(PasswordToken.expires_at) > now,
        )
        return (await self.session.exec(valid)).first()

    async def count_refusal(self, token_id: UUID) -> None:
        counted = update(PasswordToken).where(col(PasswordToken.id) == token_id)
        await self.session.exec(counted.values(tries=col(PasswordToken.tries) + 1))

    def invitations(self, user_ids: Collection[UUID]) -> SelectOfScalar[PasswordToken]:
        """Those of these users, the newest of each last."""
        of_users = self.statement().where(col(PasswordToken.user_id).in_(user_ids))
        invites = col(PasswordToken.purpose) == TokenPurpose.INVITATION
        return of_users.where(invites).order_by(col(PasswordToken.id))


@dataclass(frozen=True, slots=True)
class PasswordTokens:
    """Issues and checks tokens; the caller holds the lock of the user's row."""

    tokens: PasswordTokenRepository
    codes: OneTimeCodes
    lifetimes: TokenLifetimes
    clock: Clock

    async def issue(self, user: User, purpose: TokenPurpose) -> TokenText:
        """A new token for a locked user. Only the newest reset is valid, and some invitations."""
        invites = purpose is TokenPurpose.INVITATION
        await self._keep_newest(user.id, MAX_INVITATIONS - 1 if invites else 0)
        now = self.clock.now()
        text = TokenText.generate(uuid7())
        await self.tokens.add(
            PasswordToken(
                id=text.token_id,
                user_id=user.id,
                purpose=purpose,
                secret_hash=text.secret_hash,
                created_at=now,
                expires_at=now + self.lifetimes.of(purpose),
            )
        )
        return text

    async def discard(self, user_id: UUID) -> None:
        """Make every link and the printed code of a locked user invalid."""
        await self._keep_newest(user_id, 0)
        await self.codes.discard(user_id)

    async def newest_invitations(self, user_ids: Collection[UUID]) -> Mapping[UUID, PasswordToken]:
        """The newest invitation of each user who has one, expired ones too."""
        rows = await self.tokens.all(self.tokens.invitations(user_ids))
        return {row.user_id: row for row in rows}

    async def holder(self, text: TokenText) -> UUID | None:
        """The user whose password the token may set, or None; `count_refusal` then counts.

        Reading locks and builds nothing: a wrong secret takes as long as an unknown token.
        """
        return await self.tokens.holder(text, self.clock.now())

    async def count_refusal(self, text: TokenText) -> None:
        """Count a wrong secret, whether or not there is such a token."""
        await self.tokens.count_refusal(text.token_id)

    async def consume(self, text: TokenText) -> TokenPurpose | None:
        """Delete every token of its user; its purpose, or None when it is no longer valid."""
        row = await self.tokens.get(text.token_id, lock=True)
        if row is None or row.tries >= MAX_TRIES or row.expires_at <= self.clock.now():
            return None
        await self.discard(row.user_id)
        return row.purpose

    async def _keep_newest(self, user_id: UUID, count: int) -> None:
        of_user = self.tokens.statement().where(col(PasswordToken.user_id) == user_id)
        newest_first = of_user.order_by(col(PasswordToken.id).desc())
        for old in (await self.tokens.all(newest_first))[count:]:
            await self.tokens.delete(old)
