"""ID tokens (OpenID Connect Core 1.0, 3.1.3.7): keys, signature and claims.

The signature is judged by `common.jws`, the rules of the claims are those of authlib; a comment
names each that is stricter here.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.errors import JoseError
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from auth_service.oidc.errors import SignInRefused
from common.jws import ALGORITHMS, TokenRefused, VerificationKey, strict_json_object, verify_jws

# Those of people in hundreds of groups are longer than any token of ours.
MAX_BYTES: Final = 48 * 1024
LEEWAY_SECONDS: Final = 60
MIN_RSA_BITS: Final = 2048
# Many directories name no algorithm with their keys (RFC 7517, 4.4).
BY_TYPE: Final = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("EC", "P-384"): "ES384",
    ("EC", "P-521"): "ES512",
    ("OKP", "Ed25519"): "EdDSA",
}
Keys = Mapping[str | None, VerificationKey]


class KeyUnknown(Exception):
    """The directory may have a new key."""


def parse_keys(document: Mapping[str, Any]) -> Keys:
    """The keys that may sign ID tokens, by their IDs; a single one is also found without."""
    keys: dict[str | None, VerificationKey] = {}
    for entry in document["keys"]:
        # Never a symmetric key: a client secret would do as one.
        algorithm = entry.get("alg") or BY_TYPE.get((entry.get("kty"), entry.get("crv")))
        usable = entry.get("use", "sig") == "sig" and entry.get("kty") in ("RSA", "EC", "OKP")
        if not usable or algorithm not in ALGORITHMS or algorithm.startswith("HS"):
            continue
        with suppress(PyJWTError, ValueError, TypeError):
            key = PyJWK(entry, algorithm).key
            if not isinstance(key, RSAPublicKey) or key.key_size >= MIN_RSA_BITS:
                keys[entry.get("kid")] = VerificationKey(entry.get("kid"), algorithm, key)
    if len(keys) == 1:
        keys.setdefault(None, next(iter(keys.values())))
    return keys


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to be about."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)


def verified_claims(token: str, keys: Keys, expected: Expected, now: datetime) -> Mapping[str, Any]:
    """The claims of a valid ID token. Raises KeyUnknown, SignInRefused."""
    header, claims = verified_token(token, keys, "id-token")
    try:
        _check(claims, header, expected, now)
    except TokenRefused as error:
        raise SignInRefused(f"id-token-{error.reason}") from error
    return claims


def verified_token(
    token: str, keys: Keys, what: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims of what the directory has signed. Raises KeyUnknown, SignInRefused."""
    try:
        verified = verify_jws(token, keys.get, max_bytes=MAX_BYTES)
        return verified.header, strict_json_object(verified.payload)
    except TokenRefused as error:
        if error.reason == "kid":
            raise KeyUnknown from error
        raise SignInRefused(f"{what}-{error.reason}") from error


def _check(
    claims: Mapping[str, Any], header: Mapping[str, Any], expected: Expected, now: datetime
) -> None:
    # Stricter than the specification: no access token of the directory, which may be signed with
    # the same key; for us alone; its times are numbers.
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise TokenRefused("typ")
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise TokenRefused("aud")
    for name in ("exp", "iat"):
        if isinstance(claims.get(name), bool) or not isinstance(claims.get(name), int | float):
            raise TokenRefused(name)
    token = CodeIDToken(
        claims,
        header,
        options={"iss": {"essential": True, "value": expected.issuer}},
        params={
            "nonce": expected.nonce,
            "client_id": expected.client_id,
            "access_token": expected.access_token,
        },
    )
    try:
        token.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except JoseError as error:
        raise TokenRefused(_claim_of(error)) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise TokenRefused("claims") from error


def _claim_of(error: JoseError) -> str:
    """Which claim was wrong; its value is the directory's, and stays out of every log."""
    if error.error == "expired_token":
        return "exp"
    claim = getattr(error, "claim", None)
    return claim if isinstance(claim, str) else "claims"
