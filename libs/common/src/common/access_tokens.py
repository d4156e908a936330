"""Access tokens (RFC 9068) of users and services: what their claims must be, and who they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from common.identity import Grant, Principal
from common.jws import KeyResolver, TokenRefused, strict_json_object, verify_jws

TYP: Final = "at+jwt"
USER_AUDIENCE: Final = "masijala"
MAX_ID_CHARACTERS: Final = 128


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say.

    The leeway for clocks that differ is for a time of issue that lies ahead: a token expires to the
    second, for grants that end are in it. `expired_too` is for naming a session, not for access.
    """

    issuer: str
    audience: str
    leeway_seconds: int = 60
    expired_too: bool = False

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
        if _time(claims, "exp") <= now and not self.expired_too:
            raise TokenRefused("expired")
        for name in ("iat", "nbf") if "nbf" in claims else ("iat",):
            if _time(claims, name) > now + self.leeway_seconds:
                raise TokenRefused(name)
        for name in ("sub", "jti", "client_id"):
            value = claims.get(name)
            if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_CHARACTERS:
                raise TokenRefused(name)


def version_of(claims: Mapping[str, Any]) -> int:
    """The version of a verified token; 0 for one from before there were versions.

    Raises TokenRefused.
    """
    version = claims.get("ver", 0)
    if isinstance(version, bool) or not isinstance(version, int):
        raise TokenRefused("ver")
    return version


def user_principal(claims: Mapping[str, Any], ip: str | None = None) -> Principal:
    """The user whom verified claims name. Raises TokenRefused when they name none."""
    try:
        return Principal(
            kind="user",
            user_id=UUID(claims["sub"]),
            session_id=UUID(claims["sid"]),
            grants=tuple(Grant.from_claim(grant) for grant in claims["grants"]),
            client_id=claims.get("client_id"),
            ip=ip,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise TokenRefused("claims") from error


def service_principal(claims: Mapping[str, Any], ip: str | None = None) -> Principal:
    """The service whom verified claims name. Raises TokenRefused for a user's token."""
    scope = claims.get("scope", "")
    if claims["sub"] != claims["client_id"] or "sid" in claims or not isinstance(scope, str):
        raise TokenRefused("claims")
    return Principal(
        kind="service", client_id=claims["client_id"], scopes=frozenset(scope.split()), ip=ip
    )


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(name)
    return value
