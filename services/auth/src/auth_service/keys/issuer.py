"""Issues access tokens as RFC 9068 profiles them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from auth_service.keys.ring import KeyRing
from auth_service.sessions.models import Session
from auth_service.users.grants import compact, earliest_end, token_claims
from auth_service.users.models import User, UserGrant
from common.access_tokens import USER_AUDIENCE
from common.clock import Clock
from common.ids import uuid7

# Users sign in at our own frontends: one first-party client (RFC 9068, 2.2).
USER_CLIENT_ID: Final = "masijala"
JITTER: Final = 0.05


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token and its lifetime in seconds."""

    value: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Permit:
    """What the token of a service may say."""

    client_id: str
    audience: str
    scope: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """Signs tokens of users and of services."""

    keys: KeyRing
    issuer: str
    clock: Clock
    user_seconds: int
    service_seconds: int

    def for_user(self, user: User, session: Session, grants: Sequence[UserGrant]) -> AccessToken:
        """A token of a live session; `grants` are those in force."""
        now = int(self.clock.now().timestamp())
        expires_at = min(now + self._jittered(), *_ends(session, grants))
        claims = self._claims(str(user.id), USER_AUDIENCE, USER_CLIENT_ID) | {
            "iat": now,
            "exp": expires_at,
            "sid": str(session.id),
            "auth_time": int(session.created_at.timestamp()),
            "ver": user.token_version,
            "grants": token_claims(compact(grants)),
        }
        return AccessToken(self.keys.signer.sign(claims), expires_at - now)

    def for_service(self, permit: Permit) -> AccessToken:
        """A token of a service for one other service (RFC 6749, 4.4; RFC 8707)."""
        now = int(self.clock.now().timestamp())
        claims = self._claims(permit.client_id, permit.audience, permit.client_id) | {
            "iat": now,
            "exp": now + self.service_seconds,
            "ver": permit.version,
            "scope": permit.scope,
        }
        return AccessToken(self.keys.signer.sign(claims), self.service_seconds)

    def _claims(self, subject: str, audience: str, client_id: str) -> dict[str, Any]:
        return {
            "iss": self.issuer,
            "sub": subject,
            "aud": audience,
            "client_id": client_id,
            "jti": str(uuid7()),
        }

    def _jittered(self) -> int:
        # Up to 5 % less, at random, so that tabs opened together do not refresh at the same time.
        return self.user_seconds - secrets.randbelow(int(self.user_seconds * JITTER) + 1)


def _ends(session: Session, grants: Sequence[UserGrant]) -> tuple[int, ...]:
    """When a token must expire at the latest: with the session, and with any of its grants."""
    grant_end = earliest_end(grants)
    ends = (session.expires_at,) if grant_end is None else (session.expires_at, grant_end)
    return tuple(int(end.timestamp()) for end in ends)
