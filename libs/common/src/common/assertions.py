"""What the gateway states to a service about a request: a short-lived JWS under a key they share.

It names the caller and has what else a service needs to know: the request's ID, its trace, its
quotas. One signed header instead of five: each costs the edge and the service time.

One HS256 key per audience is derived from the gateway's secret, so that a service can check what is
meant for it and can forge nothing for another. Current and previous keys are both accepted, which
lets an operator change the secret without a gap.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring_ascii
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from common.identity import Principal, user_principal
from common.jws import TokenRefused, strict_json_object

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


def _encode(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


_HEADER_SEGMENT: Final = _encode(json.dumps({"alg": "HS256", "typ": TYP}).encode())


class RequestContext(NamedTuple):
    """What a request carries apart from its caller; the fields are also the names of the claims.

    A tuple, as the gateway makes one for each request: in a quarter of a dataclass's time.
    `maintenance` is the operator's text while only administrators may sign in.
    """

    rid: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None
    ratelimit: str | None = None
    ratelimit_policy: str | None = None
    maintenance: str | None = None

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> "RequestContext":
        """Read verified claims. Raises TokenRefused when one is not text."""
        values = {name: claims[name] for name in cls._fields if name in claims}
        if not all(isinstance(value, str) for value in values.values()):
            raise TokenRefused("claims")
        return cls(**values)

    @property
    def trace(self) -> dict[str, str]:
        """The trace, as W3C Trace Context names its headers."""
        values = {"traceparent": self.traceparent, "tracestate": self.tracestate}
        return {name: value for name, value in values.items() if value}

    @property
    def quota_headers(self) -> dict[bytes, bytes]:
        """The headers that tell the client of its quotas."""
        values = {b"ratelimit": self.ratelimit, b"ratelimit-policy": self.ratelimit_policy}
        return {name: value.encode("ascii") for name, value in values.items() if value}


NO_CONTEXT: Final = RequestContext()


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified assertion."""

    principal: Principal
    context: RequestContext


@dataclass(frozen=True, slots=True)
class SignedCaller:
    """The part of an assertion about the caller, which serves all requests of some seconds."""

    text: bytes
    mac: hmac.HMAC  # of the text: a request adds its own part to a copy


@dataclass(frozen=True, slots=True)
class AssertionMinter:
    """Makes assertions for one audience; the gateway has one for each upstream."""

    audience: str
    key: str

    def mint(
        self, claims: Mapping[str, Any], now: datetime, context: RequestContext = NO_CONTEXT
    ) -> str:
        """Sign who is calling. `claims` has `ip` and, for a user, `sub`, `sid`, `grants`, and how
        they signed in (`amr`, `acr`, `auth_time`).
        """
        return self.complete(self.begin(claims, now), context).decode()

    def begin(self, claims: Mapping[str, Any], now: datetime) -> SignedCaller:
        """Encode who is calling, for `complete`."""
        issued_at = int(now.timestamp())
        times = {"iat": issued_at, "exp": issued_at + LIFETIME_SECONDS}
        body = {**claims, "iss": ISSUER, "aud": self.audience, **times}
        members = json.dumps(body, separators=(",", ":")).encode().removesuffix(b"}")
        # Three bytes are four characters: only so can the request's part be encoded by itself.
        payload = _encode(members + b" " * (-len(members) % 3))
        text = b"%b.%b" % (_HEADER_SEGMENT, payload)
        return SignedCaller(text, hmac.new(self.key.encode(), text, hashlib.sha256))

    def complete(self, caller: SignedCaller, context: RequestContext) -> bytes:
        """The assertion for one request."""
        rest = _encode(_members(context))
        mac = caller.mac.copy()
        mac.update(rest)
        return b"%b%b.%b" % (caller.text, rest, _encode(mac.digest()))


def _members(context: RequestContext) -> bytes:
    """The end of the payload. By hand: `json.dumps` takes five times as long, each request."""
    text = ""
    for name, value in zip(RequestContext._fields, context, strict=True):
        if value:
            text += f',"{name}":{encode_basestring_ascii(value)}'
    return f"{text}}}".encode()


@dataclass(frozen=True, slots=True)
class AssertionVerifier:
    """Checks assertions meant for one service; `keys` are the current and the previous key."""

    audience: str
    keys: Sequence[str]

    def verify(self, assertion: str, now: datetime) -> Assertion:
        """What the gateway says of the request. Raises TokenRefused."""
        claims = self._claims(assertion.encode())
        self._check(claims, now.timestamp())
        ip = claims.get("ip")
        context = RequestContext.from_claims(claims)
        if "sub" not in claims:
            return Assertion(Principal(kind="anonymous", ip=ip), context)
        return Assertion(user_principal(claims, ip), context)

    def _claims(self, assertion: bytes) -> dict[str, Any]:
        # The gateway writes one header alone, so that nothing in it is to be interpreted.
        text, _, mac = assertion.rpartition(b".")
        if len(assertion) > MAX_BYTES or not text.startswith(_HEADER_SEGMENT + b"."):
            raise TokenRefused("malformed")
        signed = (hmac.digest(key.encode(), text, hashlib.sha256) for key in self.keys)
        if not any(hmac.compare_digest(_encode(each), mac) for each in signed):
            raise TokenRefused("signature")
        payload = text[len(_HEADER_SEGMENT) + 1 :]
        return strict_json_object(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))

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
