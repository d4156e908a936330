"""Access tokens (RFC 9068) of users and services: what their claims must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common.jws import KeyResolver, TokenRefused, strict_json_object, verify_jws

TYP: Final = "at+jwt"
USER_AUDIENCE: Final = "masijala"
MAX_ID_CHARACTERS: Final = 128


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say; times are checked with a small leeway for clocks that differ."""

    issuer: str
    audience: str
    leeway_seconds: int = 60

    def verify(self, token: str, resolve: KeyResolver, now: datetime) -> dict[str, Any]:
        """The claims of a valid token. Raises TokenRefused with the reason."""
        verified = verify_jws(token, resolve, typ=TYP)
        claims = strict_json_object(verified.payload)
        self.check(claims, now.timestamp())
        return claims

    def check(self, claims: Mapping[str, Any], now: float) -> None:
        """Check issuer, audience, times and identifiers. Raises TokenRefused."""
        if claims.get("iss") != self.issuer:
            raise TokenRefused("iss")
        audience = claims.get("aud")
        if audience not in (self.audience, [self.audience]):
            raise TokenRefused("aud")
        if _time(claims, "exp") <= now - self.leeway_seconds:
            raise TokenRefused("expired")
        for name in ("iat", "nbf") if "nbf" in claims else ("iat",):
            if _time(claims, name) > now + self.leeway_seconds:
                raise TokenRefused(name)
        for name in ("sub", "jti", "client_id"):
            value = claims.get(name)
            if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_CHARACTERS:
                raise TokenRefused(name)


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(name)
    return value
