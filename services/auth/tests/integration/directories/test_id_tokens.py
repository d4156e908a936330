"""ID tokens that must open nothing, and the keys that sign them."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from auth_service.oidc import cached
from testkit.auth.directories import (
    CLIENT_ID,
    CLIENT_SECRET,
    METADATA,
    REFUSED,
    Browser,
    HostileDirectory,
    outcome,
    query_of,
    result,
)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another-client"]},
        {"aud": [CLIENT_ID, "another-client"], "azp": CLIENT_ID},
        {"aud": []},
        {"aud": None},
        {"azp": "another-client"},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": 7},
        {"exp": 1},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"iat": 9_999_999_999},
        {"iat": None},
        {"nbf": 9_999_999_999},
        {"at_hash": "x" * 22},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "a\x00b"},
        {"auth_time": "yesterday"},
    ],
    ids=lambda claims: "-".join(f"{name}={str(value)[:20]}" for name, value in claims.items()),
)
async def test_an_id_token_with_a_wrong_claim_is_refused(
    browser: Browser, ministry: HostileDirectory, claims: dict[str, Any]
) -> None:
    ministry.claims = claims
    assert await outcome(browser, ministry) == REFUSED


@dataclass(frozen=True)
class Forged:
    """How an ID token is signed that our directory did not sign."""

    algorithm: str | None
    key: Any
    headers: dict[str, Any]


OWN_KEY = ec.generate_private_key(ec.SECP256R1())
OWN_JWK = json.loads(jwt.get_algorithm_by_name("ES256").to_jwk(OWN_KEY.public_key()))


@pytest.mark.parametrize(
    "forged",
    [
        Forged("none", None, {"kid": "key-1"}),
        Forged("HS256", CLIENT_SECRET * 2, {"kid": "key-1"}),
        Forged("ES256", OWN_KEY, {"kid": "key-1"}),
        Forged("ES256", OWN_KEY, {"kid": "key-2"}),
        Forged("ES256", OWN_KEY, {}),
        Forged("ES256", OWN_KEY, {"kid": "key-1", "jwk": OWN_JWK}),
        Forged("ES256", OWN_KEY, {"kid": "key-1", "jku": "http://127.0.0.1:1/keys"}),
    ],
    ids=lambda forged: f"{forged.algorithm}-{'-'.join(forged.headers)}",
)
async def test_an_id_token_with_another_signature_is_refused(
    browser: Browser, ministry: HostileDirectory, forged: Forged
) -> None:
    query = query_of(await browser.start("ministry"))
    ministry.nonce = query["nonce"]
    claims = jwt.decode(ministry.signed(), options={"verify_signature": False})
    ministry.id_token = jwt.encode(
        claims, forged.key, algorithm=forged.algorithm, headers=forged.headers
    )
    back = {"state": query["state"], "code": "code-1", "iss": ministry.issuer}
    assert result(await browser.back(f"{query['redirect_uri']}?{urlencode(back)}")) == REFUSED


async def test_an_access_token_is_no_id_token(browser: Browser, ministry: HostileDirectory) -> None:
    ministry.headers = {"typ": "at+jwt"}
    assert await outcome(browser, ministry) == REFUSED


async def test_a_new_key_is_fetched_when_it_is_first_used(
    browser: Browser, ministry: HostileDirectory
) -> None:
    assert "code" in await outcome(browser, ministry)
    ministry.rotate("key-2")
    assert "code" in await outcome(browser, ministry)
    assert ministry.requests.count("/keys") == 2


async def test_unknown_keys_do_not_make_us_fetch_without_limit(
    browser: Browser, ministry: HostileDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached, "RETRY_SECONDS", 60.0)
    ministry.headers = {"kid": "unknown"}
    for _ in range(3):
        assert await outcome(browser, ministry) == REFUSED
    assert ministry.requests.count("/keys") == 1
    assert ministry.requests.count(METADATA) == 1


async def test_rsa_keys_without_an_algorithm_sign_by_rs256(
    browser: Browser, ministry: HostileDirectory
) -> None:
    ministry.use_rsa()
    assert "code" in await outcome(browser, ministry)
