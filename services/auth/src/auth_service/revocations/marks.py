"""The marks that make the gateway refuse a token at once, as Redis keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

GENERATION_KEY: Final = "rev:generation"
# Verifiers accept a token this long past its expiry, so a mark must outlive it by as much.
LEEWAY_SECONDS: Final = 60
REVOKED: Final = "1"


@dataclass(frozen=True, slots=True)
class Mark:
    """One key with its value, of use until `until`, when the last token that it stops is dead."""

    key: str
    value: str
    until: datetime

    def milliseconds_left(self, now: datetime) -> int:
        """How long the mark is still of use; zero or less when it is not."""
        return int((self.until - now).total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class Marks:
    """Makes marks; `access_token_seconds` is the longest life of an access token."""

    access_token_seconds: int

    @property
    def lifetime(self) -> timedelta:
        """How long any mark is of use."""
        return timedelta(seconds=self.access_token_seconds + LEEWAY_SECONDS)

    def session(self, session_id: UUID, ended_at: datetime) -> Mark:
        """Refuse every access token of an ended session."""
        return Mark(f"rev:sid:{session_id}", REVOKED, ended_at + self.lifetime)

    def token(self, jti: str, expires_at: datetime) -> Mark:
        """Refuse one access token."""
        return Mark(f"rev:jti:{jti}", REVOKED, expires_at + timedelta(seconds=LEEWAY_SECONDS))

    def subject(self, user_id: UUID, valid_from: datetime) -> Mark:
        """Refuse a user's access tokens that were issued before a moment."""
        value = str(int(valid_from.timestamp()))
        return Mark(f"nbf:sub:{user_id}", value, valid_from + self.lifetime)
