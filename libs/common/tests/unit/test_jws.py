"""The one verifier against the public vectors and the usual attacks."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from common.jws import TokenRefused, VerificationKey, verify_jws

VECTORS = Path(os.environ.get("WYCHEPROOF_JWS", ""))
# Where we differ from the file, and why.
EXCEPTIONS = {
    367: "byte-identical to a valid vector",
    370: "byte-identical to a valid vector",
    372: "has '?' where base64url allows none: refused",
    373: "has '?' where base64url allows none: refused",
    346: "the key is declared for PS256 and the token says PS384: the key decides (ADR 0011)",
    350: "the key is declared for PS256 and the token says PS384: the key decides (ADR 0011)",
    347: "names ES521, which no standard defines: refused",
    351: "names ES521, which no standard defines: refused",
}
# With the algorithms that these tokens were really made with.
MISDECLARED = {346: "PS384", 350: "PS384", 347: "ES512", 351: "ES512"}
NO_VECTORS = pytest.mark.skipif(
    not VECTORS.is_file(),
    reason="needs json_web_signature_test.json of github.com/C2SP/wycheproof in WYCHEPROOF_JWS",
)


def segment(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def accepts(token: str, key: VerificationKey | None, typ: str | None = None) -> bool:
    try:
        verify_jws(token, lambda _: key, typ=typ)
    except TokenRefused:
        return False
    return True


@NO_VECTORS
def test_the_wycheproof_vectors_agree_but_for_the_listed_exceptions() -> None:
    cases = vectors()
    assert len(cases) == 401
    disagreeing = {
        number
        for number, (case, jwk) in cases.items()
        if accepts(case["jws"], vector_key(jwk)) != (case["result"] == "valid")
    }
    assert disagreeing == set(EXCEPTIONS)


@NO_VECTORS
@pytest.mark.parametrize(("number", "algorithm"), MISDECLARED.items())
def test_a_vector_with_a_misdeclared_key_agrees_once_it_is_declared_right(
    number: int, algorithm: str
) -> None:
    case, jwk = vectors()[number]
    assert not accepts(case["jws"], vector_key(jwk))
    assert accepts(case["jws"], vector_key(jwk | {"alg": algorithm}))


@NO_VECTORS
@pytest.mark.parametrize(("number", "result"), [(346, "valid"), (338, "invalid"), (340, "invalid")])
def test_the_file_calls_the_same_mismatch_of_algorithms_valid_and_invalid(
    number: int, result: str
) -> None:
    case, jwk = vectors()[number]
    stated = json.loads(base64.urlsafe_b64decode(case["jws"].partition(".")[0] + "==="))["alg"]
    assert stated != jwk["alg"]
    assert accepts(case["jws"], vector_key(jwk | {"alg": stated}))
    assert case["result"] == result


def vectors() -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
    """Each case with the key of its group, by number."""
    groups = json.loads(VECTORS.read_text())["testGroups"]
    return {
        case["tcId"]: (case, group.get("public") or group["private"])
        for group in groups
        for case in group["tests"]
    }


def vector_key(jwk: dict[str, Any]) -> VerificationKey | None:
    algorithm = jwk.get("alg")
    if algorithm is None:
        return None
    try:
        return VerificationKey(jwk.get("kid"), algorithm, PyJWK(jwk, algorithm).key)
    except PyJWTError:
        return None


@pytest.fixture
def key(signing_key: EllipticCurvePrivateKey) -> VerificationKey:
    return VerificationKey("k1", "ES256", signing_key.public_key())


@pytest.fixture
def token(signing_key: EllipticCurvePrivateKey) -> str:
    return jwt.encode({"sub": "1"}, signing_key, "ES256", headers={"typ": "at+jwt", "kid": "k1"})


def test_a_good_token_passes(token: str, key: VerificationKey) -> None:
    assert verify_jws(token, lambda _: key, typ="at+jwt").payload == b'{"sub":"1"}'


@pytest.mark.parametrize("none", ["none", "None", "NONE", "nOnE", ""])
def test_unsigned_tokens_are_refused(none: str, key: VerificationKey) -> None:
    for signature in ("", "AA"):
        forged = f"{segment({'alg': none, 'typ': 'at+jwt', 'kid': 'k1'})}.{segment({'sub': '1'})}"
        assert not accepts(f"{forged}.{signature}", key)


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_public_key_is_no_shared_secret(encoding: Encoding, key: VerificationKey) -> None:
    public = key.key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "typ": "at+jwt", "kid": "k1"}
    signing_input = f"{segment(header)}.{segment({'sub': '1'})}"
    mac = jwt.get_algorithm_by_name("HS256").sign(signing_input.encode(), public.ljust(32, b"\0"))
    assert not accepts(f"{signing_input}.{segment(mac)}", key)


@pytest.mark.parametrize(
    "extra",
    [
        {"jwk": {"kty": "EC"}},
        {"jku": "http://127.0.0.1:1/keys"},
        {"x5u": "http://127.0.0.1:1/cert"},
        {"x5c": ["AAAA"]},
        {"crit": ["exp"], "exp": 1},
        {"b64": False},
        {"zip": "DEF"},
    ],
)
def test_headers_that_carry_keys_or_extensions_are_refused(
    extra: dict[str, Any], signing_key: EllipticCurvePrivateKey, key: VerificationKey
) -> None:
    header = {"alg": "ES256", "typ": "at+jwt", "kid": "k1"} | extra
    signing_input = f"{segment(header)}.{segment({'sub': '1'})}"
    signature = jwt.get_algorithm_by_name("ES256").sign(signing_input.encode(), signing_key)
    assert not accepts(f"{signing_input}.{segment(signature)}", key)


def test_other_types_algorithms_and_keys_are_refused(token: str, key: VerificationKey) -> None:
    assert not accepts(token, key, typ="gateway+jwt")
    assert not accepts(token, None)
    assert not accepts(token, VerificationKey("k1", "ES384", key.key))


def test_signatures_of_zeros_are_refused(token: str, key: VerificationKey) -> None:
    signing_input = token.rpartition(".")[0]
    for size in (0, 1, 63, 64, 65, 72):
        assert not accepts(f"{signing_input}.{segment(bytes(size))}", key)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token + "=",
        lambda token: token + "A",
        lambda token: token + " ",
        lambda token: token + "\n",
        lambda token: token.replace(".", "..", 1),
        lambda token: token + ".AA",
        lambda token: token[:-1] + chr(ord(token[-1]) ^ 1),
        lambda token: json.dumps({"payload": token.split(".")[1], "signatures": []}),
        lambda _: ".".join(["AA"] * 5),
        lambda _: "A" * 1_000_000,
        lambda token: "é" + token,
    ],
)
def test_other_spellings_and_serialisations_are_refused(
    spoil: Any, token: str, key: VerificationKey
) -> None:
    assert not accepts(spoil(token), key)


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"none","alg":"ES256","kid":"k1"}',
        b'{"alg":"ES256","kid":["k1"]}',
        b'{"alg":"ES256","kid":null,"typ":1}',
        b"[]",
        b"null",
        b"\xff",
        b"[" * 6000,
        b'{"alg":"ES256","kid":"k1","n":NaN}',
    ],
)
def test_odd_headers_are_refused(
    header: bytes, signing_key: EllipticCurvePrivateKey, key: VerificationKey
) -> None:
    signing_input = f"{segment(header)}.{segment({'sub': '1'})}"
    signature = jwt.get_algorithm_by_name("ES256").sign(signing_input.encode(), signing_key)
    assert not accepts(f"{signing_input}.{segment(signature)}", key, typ="at+jwt")
