"""Making key pairs, and their public half as a JWK (RFC 7517)."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

RSA_BITS: Final = 3072
RSA_EXPONENT: Final = 65537
# The members that a thumbprint covers (RFC 7638, 3.2; RFC 8037, 2): the whole public key.
MEMBERS: Final = {
    "EC": ("crv", "kty", "x", "y"),
    "RSA": ("e", "kty", "n"),
    "OKP": ("crv", "kty", "x"),
}
GENERATORS: Final[Mapping[str, Callable[[], PrivateKey]]] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(RSA_EXPONENT, RSA_BITS),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key in PKCS #8 DER, and the JWK to publish; its `kid` is the thumbprint."""

    kid: str
    algorithm: str
    private_der: bytes
    public_jwk: dict[str, Any]


def generate(algorithm: str) -> KeyPair:
    private = GENERATORS[algorithm]()
    public = _public_members(private)
    kid = thumbprint(public)
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    jwk = {name: public[name] for name in MEMBERS[public["kty"]]}
    return KeyPair(kid, algorithm, der, {**jwk, "kid": kid, "alg": algorithm, "use": "sig"})


def load_private(der: bytes) -> PrivateKey:
    key = load_der_private_key(der, password=None)
    if not isinstance(key, PrivateKey):
        raise TypeError(type(key))
    return key


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The JWK's SHA-256 thumbprint (RFC 7638)."""
    required = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()


def _public_members(private: PrivateKey) -> dict[str, Any]:
    match private:
        case ec.EllipticCurvePrivateKey():
            return ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
        case rsa.RSAPrivateKey():
            return RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)
