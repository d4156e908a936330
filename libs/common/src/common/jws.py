"""The one verifier of compact JWS (RFC 7515) that every service and the gateway use.

The key decides the algorithm, never the token (RFC 8725, 3.1). Header parameters that name or carry
keys (`jwk`, `jku`, `x5u`, `x5c`) and extensions (`crit`, `b64`) are refused: nothing in a token
may cause an outbound request or change how it is verified.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jwt.algorithms import get_default_algorithms
from jwt.exceptions import InvalidKeyError, PyJWTError

MAX_TOKEN_BYTES: Final = 8192
COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+", re.ASCII)
ALGORITHMS: Final = frozenset(
    {"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"}
    | {"HS256", "HS384", "HS512"}
)
REFUSED_PARAMETERS: Final = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"})
_IMPLEMENTATIONS: Final = get_default_algorithms()


class TokenRefused(Exception):
    """The token is not valid; `reason` is a short stable word for logs and metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A key with the one algorithm it may be used with."""

    kid: str | None
    algorithm: str
    key: Any


@dataclass(frozen=True, slots=True)
class Verified:
    """The header and the payload of a token whose signature is right."""

    header: Mapping[str, Any]
    payload: bytes


KeyResolver = Callable[[str | None], VerificationKey | None]


def verify_jws(
    token: str,
    resolve: KeyResolver,
    *,
    typ: str | None = None,
    max_bytes: int = MAX_TOKEN_BYTES,
) -> Verified:
    """Check form, header and signature of a compact JWS. Raises TokenRefused."""
    if len(token) > max_bytes or COMPACT.fullmatch(token) is None:
        raise TokenRefused("malformed")
    signing_input, _, encoded_signature = token.rpartition(".")
    encoded_header, _, encoded_payload = signing_input.partition(".")
    header = strict_json_object(decode_segment(encoded_header))
    key = _key_for(header, resolve, typ)
    signature = decode_segment(encoded_signature)
    if not _signature_holds(key, signing_input.encode("ascii"), signature):
        raise TokenRefused("signature")
    return Verified(header, decode_segment(encoded_payload))


def _key_for(header: Mapping[str, Any], resolve: KeyResolver, typ: str | None) -> VerificationKey:
    if not REFUSED_PARAMETERS.isdisjoint(header):
        raise TokenRefused("header-parameter")
    if typ is not None and header.get("typ") != typ:
        raise TokenRefused("typ")
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise TokenRefused("kid")
    key = resolve(kid)
    if key is None:
        raise TokenRefused("kid")
    if key.algorithm not in ALGORITHMS or header.get("alg") != key.algorithm:
        raise TokenRefused("alg")
    return key


def _signature_holds(key: VerificationKey, signing_input: bytes, signature: bytes) -> bool:
    try:
        return _IMPLEMENTATIONS[key.algorithm].verify(signing_input, key.key, signature)
    except (InvalidKeyError, PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused("signature") from error


def decode_segment(segment: str) -> bytes:
    """Base64url without padding, in its one canonical spelling. Raises TokenRefused."""
    try:
        raw = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except (ValueError, binascii.Error) as error:
        raise TokenRefused("base64") from error
    # Unused low bits set, or a stray "+", would give one token two spellings.
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != segment:
        raise TokenRefused("base64")
    return raw


def strict_json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object without duplicate names, NaN or Infinity. Raises TokenRefused."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise TokenRefused("json") from error
    if not isinstance(value, dict):
        raise TokenRefused("json")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("duplicate name")
    return names


def _no_constant(name: str) -> float:
    raise ValueError(name)
