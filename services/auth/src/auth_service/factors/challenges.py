"""Challenges: tokens of a few minutes that are answered once with a second factor."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from auth_service.factors.models import Challenge, Purpose
from auth_service.factors.repository import ChallengeRepository
from auth_service.sessions.models import Delivery, Method
from auth_service.token_text import TokenText
from auth_service.users.models import User
from common.clock import Clock
from common.ids import uuid7

LIFETIME: Final = timedelta(minutes=5)
MAX_TRIES: Final = 5
LABEL: Final = b"masijala passkey challenge v1\x00"


def passkey_challenge(text: TokenText) -> bytes:
    """What a passkey signs: it follows from the token, so that nothing more is stored."""
    return hashlib.sha256(LABEL + text.token_id.bytes + text.secret).digest()


@dataclass(frozen=True, slots=True)
class Challenges:
    """Issues and finds challenges. One that is answered is deleted, one that fails is counted."""

    challenges: ChallengeRepository
    clock: Clock

    async def issue(
        self,
        purpose: Purpose,
        user: User | None = None,
        *,
        session_id: UUID | None = None,
        delivery: Delivery = Delivery.BODY,
        device_name: str | None = None,
        method: Method = Method.PASSWORD,
    ) -> TokenText:
        """A new challenge, bound to the user's present password, or to a session."""
        text, now = TokenText.generate(uuid7()), self.clock.now()
        await self.challenges.add(
            Challenge(
                id=text.token_id,
                purpose=purpose,
                secret_hash=text.secret_hash,
                user_id=user.id if user is not None else None,
                session_id=session_id,
                password_changed_at=user.password_changed_at if user is not None else None,
                method=method,
                delivery=delivery,
                device_name=device_name,
                created_at=now,
                expires_at=now + LIFETIME,
            )
        )
        return text

    async def find(
        self, text: TokenText, *purposes: Purpose, lock: bool = False
    ) -> Challenge | None:
        """A challenge that may still be answered for one of these purposes."""
        row = await self.challenges.get(text.token_id, lock=lock)
        if row is None or row.purpose not in purposes or not text.matches(row.secret_hash):
            return None
        if row.tries >= MAX_TRIES or row.expires_at <= self.clock.now():
            return None
        return row

    async def answered(self, challenge: Challenge) -> None:
        """Use up a locked challenge."""
        await self.challenges.delete(challenge)

    async def discard_of_sessions(self, session_ids: Collection[UUID]) -> None:
        """Make every challenge of these sessions invalid, of those too that it would open."""
        await self.challenges.delete_of_sessions(session_ids)

    async def discard(self, user_id: UUID) -> None:
        """Make every challenge of a user invalid."""
        await self.challenges.delete_all(user_id)
