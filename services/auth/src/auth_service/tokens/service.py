"""Whether a token is valid now (RFC 7662), and its revocation (RFC 7009)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.clients.cutoffs import ClientCutoffs
from auth_service.keys.issuer import KeyRing, TokenIssuer
from auth_service.revocations.rules import PendingRevocations
from auth_service.sessions.models import Session
from auth_service.sessions.service import SessionService
from auth_service.tokens.floors import RestoreFloors
from auth_service.tokens.repository import RevokedToken, RevokedTokenRepository
from auth_service.users.service import UserService
from common.access_tokens import TYP, TokenRules, version_of
from common.clock import Clock
from common.jws import TokenRefused, strict_json_object, verify_jws

INACTIVE: dict[str, Any] = {"active": False}


@dataclass(frozen=True, slots=True)
class TokenService:
    """Checks tokens against Postgres, the source of truth, not against Redis."""

    keys: KeyRing
    issuer: TokenIssuer
    clock: Clock
    users: UserService
    sessions: SessionService
    cutoffs: ClientCutoffs
    revoked: RevokedTokenRepository
    floors: RestoreFloors
    revocations: PendingRevocations
    audit: AuditLog

    async def introspect(self, token: str) -> dict[str, Any]:
        """The members of RFC 7662, 2.2; only `active: false` for an invalid token."""
        claims = self._claims(token)
        if claims is None:
            session = await self.sessions.by_current_token(token)
            return _refresh_members(session) if session else INACTIVE
        if not await self.is_active(claims):
            return INACTIVE
        return {"active": True, "token_type": "Bearer", **claims}

    async def revoke(self, token: str) -> None:
        """End the refresh token's session, or refuse the access token; ignore unknown tokens."""
        claims = self._claims(token)
        if claims is None:
            await self.sessions.end_by_token(token)
            return
        jti, expires_at = str(claims["jti"]), datetime.fromtimestamp(claims["exp"], UTC)
        row = RevokedToken(jti=jti, expires_at=expires_at, revoked_at=self.clock.now())
        if await self.revoked.add_once(row):
            self.audit.record(Event(Action.TOKEN_REVOKE, details={"jti": jti}))
        self.revocations.token_revoked(jti, expires_at)

    async def is_active(self, claims: Mapping[str, Any]) -> bool:
        """Whether a verified token is not revoked, and of its owner's current version."""
        if await self.revoked.first(self.revoked.by_jti(claims["jti"])):
            return False
        if not await self.floors.admits(claims["iat"]):
            return False
        if "sid" not in claims:  # of a service, whatever audience it was registered for
            current = await self.cutoffs.version(claims["client_id"])
        else:
            user = await self.users.get(UUID(claims["sub"]))
            if user is None or not await self.sessions.live(user.id, UUID(claims["sid"])):
                return False
            current = user.token_version
        return version_of(claims) >= current

    def _claims(self, token: str) -> dict[str, Any] | None:
        """The claims of an unexpired access token of ours, for any audience."""
        now = self.clock.now().timestamp()
        try:
            claims = strict_json_object(verify_jws(token, self.keys.resolve, typ=TYP).payload)
            TokenRules(self.issuer.issuer, str(claims.get("aud"))).check(claims, now)
        except TokenRefused:
            return None
        return claims


def _refresh_members(session: Session) -> dict[str, Any]:
    return {
        "active": True,
        "sub": str(session.user_id),
        "sid": str(session.id),
        "exp": int(session.idle_expires_at.timestamp()),
    }
