"""A token issuer of the test's own, with the keys that the gateway would fetch from auth."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time
from typing import Any, Final
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from common.access_tokens import TYP, USER_AUDIENCE
from common.jws import VerificationKey

ISSUER: Final = "https://masijala.example"
LIFETIME_SECONDS: Final = 600


@dataclass(slots=True)
class SigningKey:
    """One ES256 key pair."""

    kid: str = field(default_factory=lambda: str(uuid4()))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def jwk(self) -> dict[str, Any]:
        """The public half as in a JWK set."""
        public: dict[str, Any] = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return public | {"kid": self.kid, "alg": "ES256", "use": "sig"}


@dataclass(slots=True)
class Issuer:
    """Signs access tokens as auth does."""

    key: SigningKey = field(default_factory=SigningKey)

    def claims(self, **changes: Any) -> dict[str, Any]:
        """A user's claims, valid from now; a change to None leaves the claim out."""
        now = int(time())
        claims = {
            "iss": ISSUER,
            "aud": USER_AUDIENCE,
            "sub": str(uuid4()),
            "sid": str(uuid4()),
            "jti": str(uuid4()),
            "client_id": "frontend",
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "ver": 3,
            "grants": [{"role": "viewer", "courts": "*"}],
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        """A token of these claims; `header` replaces parameters of its header."""
        parameters = {"typ": TYP, "kid": self.key.kid} | header
        return jwt.encode(dict(claims), self.key.private, algorithm="ES256", headers=parameters)

    def token(self, **changes: Any) -> str:
        """A valid token, but for the changed claims."""
        return self.sign(self.claims(**changes))

    def jwks(self) -> dict[str, Any]:
        """The key set to publish."""
        return {"keys": [self.key.jwk()]}


@dataclass(slots=True)
class FixedKeys:
    """Keys as the policy asks for them, without any fetching."""

    issuer: Issuer
    generation: int = 0
    usable: bool = True
    published: bool = True
    requested_kids: list[str | None] = field(default_factory=list)

    def resolve(self, kid: str | None) -> VerificationKey | None:
        key = self.issuer.key
        known = self.usable and self.published and kid == key.kid
        return VerificationKey(key.kid, "ES256", key.private.public_key()) if known else None

    async def ensure(self, kid: str | None) -> VerificationKey | None:
        self.requested_kids.append(kid)
        return self.resolve(kid)


def unsigned(header: Mapping[str, Any], payload: Mapping[str, Any], signature: str = "AA") -> str:
    """A compact JWS whose parts are as given."""
    parts = (
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, payload)
    )
    return ".".join((*parts, signature))
