"""Logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.6): a directory ends its sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from auth_service.oidc.errors import SignInRefused
from auth_service.oidc.facts import text_line
from auth_service.oidc.id_tokens import LEEWAY_SECONDS, Keys, verified_token
from auth_service.oidc.models import MAX_SID
from auth_service.oidc.settings import Provider
from auth_service.users.identities import MAX_SUBJECT
from common.jws import TokenRefused

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
# Directories that know nothing of the newer type send the general one.
TYPES: Final = frozenset({"LOGOUT+JWT", "JWT"})
# A token is remembered as used for so long, and none that is older is accepted.
LONGEST_SECONDS: Final = 600
MAX_ID: Final = 255


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Whose sessions end: all of `subject`, or those of `sid`, a session at the directory."""

    token_id: str
    subject: str | None
    sid: str | None

    @classmethod
    def read(cls, token: str, keys: Keys, provider: Provider, now: datetime) -> "LoggedOut":
        """What a valid logout token says. Raises KeyUnknown, SignInRefused."""
        header, claims = verified_token(token, keys, "logout-token")
        try:
            _check(header, claims, provider, now.timestamp())
            return cls._of(claims)
        except TokenRefused as error:
            raise SignInRefused(f"logout-token-{error.reason}") from error

    @classmethod
    def _of(cls, claims: Mapping[str, Any]) -> "LoggedOut":
        token_id = _text(claims, "jti", MAX_ID)
        subject, sid = _text(claims, "sub", MAX_SUBJECT), _text(claims, "sid", MAX_SID)
        if token_id is None:
            raise TokenRefused("jti")
        if subject is None and sid is None:
            raise TokenRefused("sub")
        return cls(token_id, subject, sid)


def _check(
    header: Mapping[str, Any], claims: Mapping[str, Any], provider: Provider, now: float
) -> None:
    events = claims.get("events")
    holds = {
        "typ": str(header.get("typ", "JWT")).upper() in TYPES,
        "iss": claims.get("iss") == provider.issuer,
        "aud": claims.get("aud") in (provider.client_id, [provider.client_id]),
        "iat": abs(now - _number(claims, "iat")) <= LONGEST_SECONDS,
        "exp": now <= _number(claims, "exp") + LEEWAY_SECONDS,
        "events": isinstance(events, dict) and isinstance(events.get(EVENT), dict),
        # An ID token is none, whatever else it says.
        "nonce": "nonce" not in claims,
    }
    for name, right in holds.items():
        if not right:
            raise TokenRefused(name)


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(name)
    return value


def _text(claims: Mapping[str, Any], name: str, limit: int) -> str | None:
    """A claim that may be missing, but not be something else."""
    line = text_line(claims.get(name), limit)
    if name in claims and line is None:
        raise TokenRefused(name)
    return line
