"""Revocations as Redis keys, by which the gateway refuses a token at once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

FLOOR_KEY: Final = "rev:floor"
GENERATION_KEY: Final = "rev:generation"
# Verifiers' clocks may be this late, so a revocation must outlive its tokens by as much.
LEEWAY: Final = timedelta(seconds=60)
REVOKED: Final = "1"


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

    def floor(self, moment: datetime) -> Revocation:
        """Refuse every access token from before a restore."""
        return Revocation(FLOOR_KEY, str(int(moment.timestamp())), moment + self.lifetime)

    def subject(self, user_id: UUID, version: int, changed_at: datetime) -> Revocation:
        """Refuse a user's access tokens of lower versions."""
        return Revocation(f"ver:sub:{user_id}", str(version), changed_at + self.lifetime)


@dataclass(frozen=True, slots=True)
class PendingRevocations:
    """The revocations of one unit of work, published once it is committed."""

    rules: RevocationRules
    items: list[Revocation] = field(default_factory=list)

    def session_ended(self, session_id: UUID, at: datetime) -> None:
        self.items.append(self.rules.session(session_id, at))

    def grants_changed(self, user_id: UUID, version: int, at: datetime) -> None:
        """Refuse a user's access tokens from before the change."""
        self.items.append(self.rules.subject(user_id, version, at))

    def token_revoked(self, jti: str, expires_at: datetime) -> None:
        self.items.append(self.rules.token(jti, expires_at))

    def restored(self, floor: datetime) -> None:
        """Refuse everyone's access tokens from before the floor."""
        self.items.append(self.rules.floor(floor))
