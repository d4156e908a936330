"""The signing keys in memory, and the access tokens that they sign (RFC 9068)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import jwt

from auth_service.keys.cipher import KeyCipher
from auth_service.keys.keypair import PrivateKey, load_private
from auth_service.keys.models import KeyState, SigningKey
from auth_service.sessions.models import Session
from auth_service.users.grants import CurrentGrants, compact, token_claims
from auth_service.users.models import User
from common.access_tokens import TYP, USER_AUDIENCE
from common.clock import Clock
from common.errors import Unavailable
from common.identity import Assurance
from common.ids import uuid7
from common.jwks import parse_jwks
from common.jws import VerificationKey

# Users sign in at our own frontends: one first-party client (RFC 9068, 2.2).
USER_CLIENT_ID: Final = "masijala"
JITTER: Final = 0.05


@dataclass(frozen=True, slots=True)
class Signer:
    kid: str
    algorithm: str
    private: PrivateKey

    def sign(self, claims: dict[str, Any]) -> str:
        """An access token (RFC 9068) of these claims."""
        headers = {"kid": self.kid, "typ": TYP}
        return jwt.encode(claims, self.private, algorithm=self.algorithm, headers=headers)


@dataclass(slots=True)
class KeyRing:
    """Replaced whenever the stored keys are read again."""

    cipher: KeyCipher
    _signer: Signer | None = None
    _public: list[dict[str, Any]] = field(default_factory=list)
    _verifiers: dict[str, VerificationKey] = field(default_factory=dict)

    def replace(self, keys: Sequence[SigningKey]) -> None:
        """Use these keys from now on. If it raises KeyUnreadable, the old ones stay."""
        for key in keys:
            if key.state is KeyState.ACTIVE and (not self._signer or self._signer.kid != key.kid):
                der = self.cipher.decrypt(key.kid, key.encrypted_private_key)
                self._signer = Signer(key.kid, key.algorithm, load_private(der))
        self._public = [key.public_jwk for key in keys]
        self._verifiers = parse_jwks(self.jwks())

    @property
    def signer(self) -> Signer:
        """The active key. Raises Unavailable until the keys are loaded."""
        if self._signer is None:
            raise Unavailable("The signing keys are not loaded yet")
        return self._signer

    def resolve(self, kid: str | None) -> VerificationKey | None:
        return self._verifiers.get(kid) if kid is not None else None

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517, section 5)."""
        return {"keys": self._public}


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

    def for_user(self, user: User, session: Session, grants: CurrentGrants) -> AccessToken:
        """A token of a live session. It expires when its grants are no longer those in force."""
        now = int(self.clock.now().timestamp())
        expires_at = min(now + self._jittered(), *_ends(session, grants))
        claims = self._claims(str(user.id), USER_AUDIENCE, USER_CLIENT_ID) | {
            "iat": now,
            "exp": expires_at,
            "sid": str(session.id),
            "auth_time": int(session.authenticated_at.timestamp()),
            "amr": session.amr,
            "acr": Assurance.of(session.amr).value,
            "ver": user.token_version,
            "grants": token_claims(compact(grants.in_force)),
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


def _ends(session: Session, grants: CurrentGrants) -> tuple[int, ...]:
    """When a token must expire at the latest: with the session, and when its grants change."""
    ends = (session.expires_at, grants.change_at)
    return tuple(int(end.timestamp()) for end in ends if end is not None)
