"""What a token is worth now (RFC 7662), and taking that away (RFC 7009)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from auth_service.audit.models import Action
from auth_service.audit.service import Event
from auth_service.keys.ring import KeyRing
from auth_service.revocations.models import RevokedToken
from auth_service.sessions.models import Session
from auth_service.units import Work
from common.access_tokens import TYP, TokenRules
from common.clock import Clock
from common.jws import TokenRefused, strict_json_object, verify_jws

INACTIVE: dict[str, Any] = {"active": False}


@dataclass(frozen=True, slots=True)
class TokenService:
    """Judges tokens against Postgres, the truth, not against Redis."""

    keys: KeyRing
    issuer: str
    clock: Clock

    async def introspect(self, work: Work, token: str) -> dict[str, Any]:
        """The members of RFC 7662, 2.2; only `active: false` for whatever is not good."""
        claims = self._claims(token)
        if claims is None:
            session = await work.sessions.by_current_token(token)
            return _refresh_members(session) if session else INACTIVE
        if not await self.is_active(work, claims):
            return INACTIVE
        return {"active": True, "token_type": "Bearer", **claims}

    async def revoke(self, work: Work, token: str) -> None:
        """End the refresh token's session, or refuse the access token; unknown ones are fine."""
        claims = self._claims(token)
        if claims is None:
            await work.sessions.end_by_token(token)
            return
        jti, expires_at = str(claims["jti"]), datetime.fromtimestamp(claims["exp"], UTC)
        if await work.revoked_tokens.first(work.revoked_tokens.by_jti(jti)) is None:
            await work.revoked_tokens.add(
                RevokedToken(jti=jti, expires_at=expires_at, revoked_at=self.clock.now())
            )
            work.audit.record(Event(Action.TOKEN_REVOKE, details={"jti": jti}))
        work.changes.token_revoked(jti, expires_at)

    def _claims(self, token: str) -> dict[str, Any] | None:
        """The claims of an access token of ours that has not expired, for whichever audience."""
        now = self.clock.now().timestamp()
        try:
            claims = strict_json_object(verify_jws(token, self.keys.resolve, typ=TYP).payload)
            TokenRules(self.issuer, str(claims.get("aud"))).check(claims, now)
        except TokenRefused:
            return None
        return claims if claims["exp"] > now else None

    async def is_active(self, work: Work, claims: Mapping[str, Any]) -> bool:
        """Whether a verified token was neither revoked nor issued before its owner's last cut."""
        if await work.revoked_tokens.first(work.revoked_tokens.by_jti(claims["jti"])):
            return False
        if "sid" not in claims:  # of a service, whatever audience it was registered for
            return _since(claims, await work.client_cutoffs.valid_from(claims["client_id"]))
        user = await work.users.get(UUID(claims["sub"]))
        if user is None or not await work.sessions.live(user.id, UUID(claims["sid"])):
            return False
        return _since(claims, user.tokens_valid_from)


def _since(claims: Mapping[str, Any], valid_from: datetime | None) -> bool:
    return valid_from is None or claims["iat"] >= valid_from.timestamp()


def _refresh_members(session: Session) -> dict[str, Any]:
    return {
        "active": True,
        "sub": str(session.user_id),
        "sid": str(session.id),
        "exp": int(session.idle_expires_at.timestamp()),
    }
