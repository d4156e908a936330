"""Revocations as Redis keys, by which the gateway refuses a token at once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

GENERATION_KEY: Final = "rev:generation"
# Verifiers accept a token this long past its expiry, so a revocation must outlive it by as much.
LEEWAY: Final = timedelta(seconds=60)
REVOKED: Final = "1"
SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Revocation:
    """One key with its value, needed until the last token that it stops has expired."""

    key: str
    value: str
    until: datetime

    def milliseconds_left(self, now: datetime) -> int:
        """How long the key is still needed; zero or less when it is not."""
        return int((self.until - now).total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class RevocationRules:
    """Makes revocations; `access_token_seconds` is the longest life of an access token."""

    access_token_seconds: int

    @property
    def lifetime(self) -> timedelta:
        """How long any revocation is needed."""
        return timedelta(seconds=self.access_token_seconds) + LEEWAY

    def session(self, session_id: UUID, ended_at: datetime) -> Revocation:
        """Refuse every access token of an ended session."""
        return Revocation(f"rev:sid:{session_id}", REVOKED, ended_at + self.lifetime)

    def token(self, jti: str, expires_at: datetime) -> Revocation:
        return Revocation(f"rev:jti:{jti}", REVOKED, expires_at + LEEWAY)

    def subject(self, user_id: UUID, valid_from: datetime) -> Revocation:
        """Refuse a user's access tokens that were issued before a moment."""
        value = str(int(valid_from.timestamp()))
        return Revocation(f"nbf:sub:{user_id}", value, valid_from + self.lifetime)


@dataclass(frozen=True, slots=True)
class PendingRevocations:
    """The revocations of one unit of work, published once it is committed."""

    rules: RevocationRules
    items: list[Revocation] = field(default_factory=list)

    def session_ended(self, session_id: UUID, at: datetime) -> None:
        self.items.append(self.rules.session(session_id, at))

    def grants_changed(self, user_id: UUID, valid_from: datetime) -> None:
        """Refuse a user's access tokens from before the change."""
        self.items.append(self.rules.subject(user_id, valid_from))

    def token_revoked(self, jti: str, expires_at: datetime) -> None:
        self.items.append(self.rules.token(jti, expires_at))


def next_valid_from(now: datetime, previous: datetime | None) -> datetime:
    """The first time of issue that is accepted once all issued tokens are refused.

    Tokens count whole seconds: new ones are issued as of the next second, at once. After a second
    change within one second it is the second after that, because tokens issued in between carry
    the next second already.
    """
    following = now.replace(microsecond=0) + SECOND
    return following if previous is None else max(following, previous + SECOND)
