"""Service tokens as auth would issue them, under a key of the tests' own."""

from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.access_tokens import TYP
from common.clock import Clock
from common.ids import uuid7
from common.jws import VerificationKey
from testkit.core.settings import ISSUER

KID: Final = "tests"
ALGORITHM: Final = "EdDSA"
LIFETIME_SECONDS: Final = 300


class Issuer:
    """Signs tokens and gives the key to verify them with."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()

    def resolve(self, kid: str | None) -> VerificationKey | None:
        """The key by its ID."""
        return VerificationKey(KID, ALGORITHM, self._key.public_key()) if kid == KID else None

    def token(self, clock: Clock, *, scope: str, **changes: Any) -> str:
        """A service token for core."""
        now = int(clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "core",
            "sub": "reports",
            "client_id": "reports",
            "scope": scope,
            "jti": str(uuid7()),
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
        }
        return jwt.encode(claims | changes, self._key, ALGORITHM, headers={"kid": KID, "typ": TYP})
