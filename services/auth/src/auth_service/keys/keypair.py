"""Making key pairs, and their public half as a JWK (RFC 7517)."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from jwt.algorithms import ECAlgorithm

ALGORITHM: Final = "ES256"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key in PKCS #8 DER, and the JWK to publish; its `kid` is the thumbprint."""

    kid: str
    private_der: bytes
    public_jwk: dict[str, Any]


def generate() -> KeyPair:
    """A new ES256 key pair."""
    private = generate_private_key(SECP256R1())
    public: dict[str, Any] = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    kid = thumbprint(public)
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    jwk = {name: public[name] for name in ("kty", "crv", "x", "y")}
    return KeyPair(kid, der, {**jwk, "kid": kid, "alg": ALGORITHM, "use": "sig"})


def load_private(der: bytes) -> EllipticCurvePrivateKey:
    """The private key to sign with."""
    key = load_der_private_key(der, password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError(type(key))
    return key


def thumbprint(jwk: dict[str, Any]) -> str:
    """The JWK's SHA-256 thumbprint (RFC 7638)."""
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
