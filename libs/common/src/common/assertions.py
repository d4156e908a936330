"""The gateway's word to a service on who is calling: a short-lived JWS under a key they share.

One HS256 key per audience is derived from the gateway's secret, so that a service can check what is
meant for it and can forge nothing for another. Current and previous keys are both accepted, which
lets an operator change the secret without a gap.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from common.access_tokens import user_principal
from common.identity import Principal
from common.jws import KeyResolver, TokenRefused, VerificationKey, strict_json_object, verify_jws

HEADER: Final = "x-gateway-assertion"
TYP: Final = "gateway+jwt"
ISSUER: Final = "masijala-gateway"
LIFETIME_SECONDS: Final = 30
LEEWAY_SECONDS: Final = 30
MAX_BYTES: Final = 16_384


def derive_key(secret: str, audience: str) -> str:
    """The key, in hex, that the gateway and one service share (HKDF-SHA256, RFC 5869)."""
    info = f"masijala gateway assertion {audience}".encode()
    return HKDF(SHA256(), 32, None, info).derive(secret.encode()).hex()


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


_HEADER_SEGMENT: Final = _encode(json.dumps({"alg": "HS256", "typ": TYP}).encode())


@dataclass(frozen=True, slots=True)
class AssertionMinter:
    """Makes assertions for one audience; the gateway has one for each upstream."""

    audience: str
    key: str

    def mint(self, claims: dict[str, Any], now: datetime) -> str:
        """Sign who is calling. `claims` has `ip` and, for a user, `sub, sid, grants, amr`."""
        issued_at = int(now.timestamp())
        body = claims | {
            "iss": ISSUER,
            "aud": self.audience,
            "iat": issued_at,
            "exp": issued_at + LIFETIME_SECONDS,
        }
        payload = _encode(json.dumps(body, separators=(",", ":")).encode())
        signing_input = f"{_HEADER_SEGMENT}.{payload}"
        mac = hmac.new(self.key.encode(), signing_input.encode(), hashlib.sha256).digest()
        return f"{signing_input}.{_encode(mac)}"


@dataclass(frozen=True, slots=True)
class AssertionVerifier:
    """Checks assertions meant for one service; `keys` are the current and the previous key."""

    audience: str
    keys: Sequence[str]

    def verify(self, assertion: str, now: datetime) -> Principal:
        """The caller whom the gateway vouches for. Raises TokenRefused."""
        claims = self._claims(assertion)
        self._check(claims, now.timestamp())
        ip = claims.get("ip")
        if "sub" not in claims:
            return Principal(kind="anonymous", ip=ip)
        return user_principal(claims, ip)

    def _claims(self, assertion: str) -> dict[str, Any]:
        refused = TokenRefused("signature")
        for shared in self.keys:
            try:
                verified = verify_jws(assertion, _only(shared), typ=TYP, max_bytes=MAX_BYTES)
            except TokenRefused as error:
                refused = error
            else:
                return strict_json_object(verified.payload)
        raise refused

    def _check(self, claims: dict[str, Any], now: float) -> None:
        if claims.get("iss") != ISSUER:
            raise TokenRefused("iss")
        if claims.get("aud") != self.audience:
            raise TokenRefused("aud")
        issued_at, expires_at = claims.get("iat"), claims.get("exp")
        if not isinstance(issued_at, int) or not isinstance(expires_at, int):
            raise TokenRefused("exp")
        if expires_at <= now - LEEWAY_SECONDS or issued_at > now + LEEWAY_SECONDS:
            raise TokenRefused("expired")


def _only(shared: str) -> KeyResolver:
    key = VerificationKey(None, "HS256", shared.encode())
    return lambda _kid: key
