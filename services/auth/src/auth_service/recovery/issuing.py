"""Set-password tokens within one unit of work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from auth_service.recovery.models import PasswordToken, TokenPurpose
from auth_service.recovery.repository import PasswordTokenRepository
from auth_service.recovery.tokens import PasswordTokenText
from auth_service.users.models import User
from common.clock import Clock
from common.ids import uuid7

MAX_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class TokenLifetimes:
    """How long a link may be used."""

    reset: timedelta
    invitation: timedelta

    def of(self, purpose: TokenPurpose) -> timedelta:
        """The lifetime for a purpose."""
        return self.invitation if purpose is TokenPurpose.INVITATION else self.reset


@dataclass(frozen=True, slots=True)
class PasswordTokens:
    """Issues and judges tokens; the caller holds the user's row."""

    tokens: PasswordTokenRepository
    lifetimes: TokenLifetimes
    clock: Clock

    async def issue(self, user: User, purpose: TokenPurpose) -> PasswordTokenText:
        """A new token for a locked user; any older one is worthless from now on."""
        await self.discard(user.id)
        now = self.clock.now()
        text = PasswordTokenText.draw(uuid7())
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
        """Make a locked user's token worthless."""
        old = await self.tokens.first(self.tokens.of_user(user_id))
        if old is not None:
            await self.tokens.delete(old)

    async def attempt(self, text: PasswordTokenText) -> UUID | None:
        """Count one try; the user whose password the token may set, or None."""
        row = await self.tokens.get(text.token_id, lock=True)
        if row is None or row.tries >= MAX_TRIES or row.expires_at <= self.clock.now():
            return None
        row.tries += 1
        return row.user_id if text.matches(row.secret_hash) else None

    async def give_back(self, text: PasswordTokenText) -> None:
        """Take a try back that was not the user's fault."""
        row = await self.tokens.get(text.token_id, lock=True)
        if row is not None:
            row.tries -= 1

    async def consume(self, text: PasswordTokenText) -> TokenPurpose | None:
        """Use the token up; what it was for, or None when it is gone meanwhile."""
        row = await self.tokens.get(text.token_id, lock=True)
        if row is None or row.expires_at <= self.clock.now():
            return None
        await self.tokens.delete(row)
        return row.purpose
