"""Answers of directories, and of others in their place, that must open nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from auth_service.oidc import cached
from auth_service.oidc.service import Directories
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.api import Api, claims_of
from testkit.auth.directories import (
    CLIENT_ID,
    CLIENT_SECRET,
    OIDC,
    VERIFIER,
    Browser,
    HostileDirectory,
    challenge_of,
    oidc_settings,
    provider,
    query_of,
    result,
)
from testkit.auth.factors import App
from testkit.serving import serving

REFUSED = {"error": "directory-refused"}
UNAVAILABLE = {"error": "directory-unavailable"}
METADATA = "/.well-known/openid-configuration"


@pytest.fixture
async def ministry() -> AsyncIterator[HostileDirectory]:
    directory = HostileDirectory()
    async with serving(directory.app()) as directory.issuer:
        yield directory


@pytest.fixture
async def other() -> AsyncIterator[HostileDirectory]:
    directory = HostileDirectory()
    async with serving(directory.app()) as directory.issuer:
        yield directory


@pytest.fixture
def settings_changes(ministry: HostileDirectory, other: HostileDirectory) -> dict[str, Any]:
    trusting = provider("other", other.issuer, factor_amr=["mfa"], factor_acr=["gold"])
    return oidc_settings(provider("ministry", ministry.issuer), trusting)


@pytest.fixture
def browser(api: Api, clerk: str) -> Browser:
    assert clerk == HostileDirectory().email
    return Browser(api)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are fetched again as soon as they are needed."""
    monkeypatch.setattr(cached, "RETRY_SECONDS", 0.0)


async def outcome(browser: Browser, directory: HostileDirectory, **changes: str) -> dict[str, str]:
    return result(await browser.through(directory, "ministry", **changes))


async def test_a_right_answer_opens_a_session(browser: Browser, ministry: HostileDirectory) -> None:
    code = (await outcome(browser, ministry))["code"]
    assert (await browser.exchange(code)).status_code == 200
    (form,) = ministry.forms
    assert form["grant_type"] == "authorization_code"
    assert form["redirect_uri"].endswith(f"{OIDC}/ministry/callback")
    assert len(form["code_verifier"]) >= 43
    assert "client_secret" not in form, "it is in the header"


async def test_the_verifier_is_the_one_of_the_challenge(
    browser: Browser, ministry: HostileDirectory
) -> None:
    query = query_of(await browser.start("ministry"))
    ministry.nonce = query["nonce"]
    back = {"state": query["state"], "code": "code-1", "iss": ministry.issuer}
    await browser.back(f"{query['redirect_uri']}?{urlencode(back)}")
    assert challenge_of(ministry.forms[0]["code_verifier"]) == query["code_challenge"]


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


async def test_an_answer_of_another_issuer_is_refused_before_its_code_is_sent(
    browser: Browser, ministry: HostileDirectory, other: HostileDirectory
) -> None:
    assert await outcome(browser, ministry, iss=other.issuer) == REFUSED
    query = query_of(await browser.start("ministry"))
    missing = {"state": query["state"], "code": "code-1"}
    assert result(await browser.back(f"{query['redirect_uri']}?{urlencode(missing)}")) == REFUSED
    assert not ministry.forms


async def test_the_answer_of_one_directory_does_not_count_at_another(
    browser: Browser, ministry: HostileDirectory, other: HostileDirectory
) -> None:
    query = query_of(await browser.start("other"))
    back = {"state": query["state"], "code": "code-1", "iss": ministry.issuer}
    mixed = await browser.back(f"{OIDC}/ministry/callback?{urlencode(back)}")
    assert (mixed.status_code, mixed.json()["code"]) == (400, "sign-in-state-invalid")
    assert not ministry.forms
    assert not other.forms


async def test_a_state_of_another_browser_is_refused(
    browser: Browser, api: Api, ministry: HostileDirectory
) -> None:
    query = query_of(await browser.start("ministry"))
    back = urlencode({"state": query["state"], "code": "code-1", "iss": ministry.issuer})
    victim = Browser(api)
    await victim.start("ministry")
    refused = await victim.back(f"{query['redirect_uri']}?{back}")
    assert (refused.status_code, refused.json()["code"]) == (400, "sign-in-state-invalid")
    (name,) = set(browser.cookies)
    victim.cookies[name] = next(iter(victim.cookies.values()))
    assert (await victim.back(f"{query['redirect_uri']}?{back}")).status_code == 400
    assert not ministry.forms


async def test_an_answer_counts_once_and_for_ten_minutes(
    browser: Browser, ministry: HostileDirectory, clock: FrozenClock
) -> None:
    query = query_of(await browser.start("ministry"))
    ministry.nonce = query["nonce"]
    cookies = dict(browser.cookies)
    back = {"state": query["state"], "code": "code-1", "iss": ministry.issuer}
    address = f"{query['redirect_uri']}?{urlencode(back)}"
    assert "code" in result(await browser.back(address))
    assert not browser.cookies, "the cookie is deleted"
    browser.cookies |= cookies
    assert (await browser.back(address)).json()["code"] == "sign-in-state-invalid"
    assert len(ministry.forms) == 1

    query = query_of(await browser.start("ministry"))
    clock.advance(seconds=601)
    late = {"state": query["state"], "code": "code-1", "iss": ministry.issuer}
    refused = await browser.back(f"{query['redirect_uri']}?{urlencode(late)}")
    assert refused.json()["code"] == "sign-in-state-invalid"


async def test_the_cookie_of_a_sign_in_is_for_no_script(browser: Browser) -> None:
    query = urlencode({"code_challenge": challenge_of(VERIFIER)})
    answer = await browser.get(f"{OIDC}/ministry/start?{query}")
    cookie = answer.headers["set-cookie"].lower()
    for part in ("httponly", "secure", "samesite=lax", "max-age=600", "path=/"):
        assert part in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert VERIFIER not in cookie


async def test_a_code_is_exchanged_once_in_time_and_with_the_secret_of_its_frontend(
    browser: Browser, ministry: HostileDirectory, clock: FrozenClock
) -> None:
    code = (await outcome(browser, ministry))["code"]
    assert (await browser.exchange(code)).status_code == 200
    refused = await browser.exchange(code)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign-in-code-invalid")

    code = (await outcome(browser, ministry))["code"]
    assert (await browser.exchange(code, code_verifier="y" * 43)).status_code == 401
    assert (await browser.exchange(code)).status_code == 401, "there is one try"

    code = (await outcome(browser, ministry))["code"]
    clock.advance(seconds=121)
    assert (await browser.exchange(code)).status_code == 401
    for malformed in ("x", "a" * 64, "é"):
        assert (await browser.exchange(malformed)).json()["code"] == "sign-in-code-invalid"


async def test_simultaneous_exchanges_open_one_session(
    browser: Browser, ministry: HostileDirectory
) -> None:
    code = (await outcome(browser, ministry))["code"]
    answers = await asyncio.gather(*(browser.exchange(code) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [200, 401, 401, 401, 401]


async def test_nothing_that_the_directory_writes_is_passed_on(
    browser: Browser, ministry: HostileDirectory
) -> None:
    assert await outcome(browser, ministry, error="<script>") == REFUSED
    cancelled = await outcome(browser, ministry, error="access_denied", error_description="evil")
    assert cancelled == {"error": "sign-in-cancelled"}
    query = query_of(await browser.start("ministry"))
    address = f"{query['redirect_uri']}?state={query['state']}&iss={ministry.issuer}"
    assert result(await browser.back(address)) == REFUSED, "without a code"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (METADATA, b"<html>"),
        (METADATA, b"[]"),
        (METADATA, b"{" + b'"a":' * 100_000),
        (METADATA, b" " * 600_000 + b"{}"),
        (METADATA, b'{"issuer": "https://evil.example"}'),
        ("/keys", b"{}"),
        ("/keys", b'{"keys": [7]}'),
        ("/keys", b" " * 600_000),
        ("/token", b"no json"),
        ("/token", b" " * 600_000),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_an_unreadable_document_is_a_directory_that_is_unavailable(
    browser: Browser, ministry: HostileDirectory, path: str, body: bytes
) -> None:
    ministry.bodies[path] = body
    if path == METADATA:
        query = urlencode({"code_challenge": challenge_of(VERIFIER)})
        answer = await browser.get(f"{OIDC}/ministry/start?{query}")
    else:
        answer = await browser.through(ministry, "ministry")
    assert result(answer) == UNAVAILABLE


@pytest.mark.parametrize("body", [b"{}", b'{"access_token": 1}', b'{"id_token": "a.b.c"}'])
async def test_an_answer_without_usable_tokens_is_refused(
    browser: Browser, ministry: HostileDirectory, body: bytes
) -> None:
    ministry.bodies["/token"] = body
    assert await outcome(browser, ministry) == REFUSED


async def test_a_refused_code_and_a_failing_directory_have_their_codes(
    browser: Browser, ministry: HostileDirectory
) -> None:
    ministry.statuses["/token"] = 400
    assert await outcome(browser, ministry) == REFUSED
    for status in (302, 500, 503):
        ministry.statuses["/token"] = status
        assert await outcome(browser, ministry) == UNAVAILABLE


@pytest.mark.parametrize("path", [METADATA, "/keys", "/token"])
async def test_a_slow_directory_keeps_no_user_waiting_for_long(
    browser: Browser, ministry: HostileDirectory, auth: AuthUnits, path: str
) -> None:
    for each in auth.get(Directories).all:
        each.server._timeout_seconds = 0.3
    ministry.delays[path] = 5.0
    if path == METADATA:
        query = urlencode({"code_challenge": challenge_of(VERIFIER)})
        answer = await browser.get(f"{OIDC}/ministry/start?{query}")
    else:
        answer = await browser.through(ministry, "ministry")
    assert result(answer) == UNAVAILABLE
    ministry.delays.clear()
    assert "code" in await outcome(browser, ministry)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("url", [None, 7, "file:///etc/passwd", "javascript:alert(1)", "/path"])
async def test_endpoints_must_be_addresses(
    browser: Browser, ministry: HostileDirectory, name: str, url: Any
) -> None:
    ministry.metadata = {name: url}
    query = urlencode({"code_challenge": challenge_of(VERIFIER)})
    answer = await browser.get(f"{OIDC}/ministry/start?{query}")
    assert result(answer) == UNAVAILABLE


class TestUserInfo:
    """What the ID token lacks is asked for."""

    async def test_an_address_comes_from_there_together_with_its_verification(
        self, browser: Browser, ministry: HostileDirectory, clerk: str
    ) -> None:
        ministry.claims = {"email": None, "email_verified": None}
        ministry.user_info = {"email": clerk, "email_verified": True}
        assert "code" in await outcome(browser, ministry)

    async def test_one_source_does_not_verify_the_address_of_the_other(
        self, browser: Browser, ministry: HostileDirectory, clerk: str
    ) -> None:
        ministry.claims = {"email": clerk, "email_verified": None, "groups": None}
        ministry.user_info = {"email": "mine@masijala.example", "email_verified": True}
        assert await outcome(browser, ministry) == {"error": "account-unavailable"}

    async def test_it_must_be_of_the_same_account(
        self, browser: Browser, ministry: HostileDirectory, clerk: str
    ) -> None:
        ministry.claims = {"email": None}
        ministry.user_info = {"sub": "another", "email": clerk, "email_verified": True}
        assert await outcome(browser, ministry) == REFUSED

    async def test_it_adds_no_second_factor(
        self, browser: Browser, other: HostileDirectory, clerk: str
    ) -> None:
        other.claims = {"email": None}
        other.user_info = {"email": clerk, "email_verified": True, "amr": ["mfa"], "acr": "gold"}
        code = result(await browser.through(other, "other"))["code"]
        token = (await browser.exchange(code)).json()["access_token"]
        assert claims_of(token)["acr"] == "aal1"


class TestSecondFactor:
    """That of a directory counts when the settings say so."""

    @pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "gold"}])
    async def test_it_counts_where_the_settings_accept_it(
        self,
        browser: Browser,
        other: HostileDirectory,
        app: App,
        clock: FrozenClock,
        claims: dict[str, Any],
    ) -> None:
        assert app.secret
        shown_at = int((clock.now() - timedelta(hours=2)).timestamp())
        other.claims = {"auth_time": shown_at, **claims}
        code = result(await browser.through(other, "other"))["code"]
        answer = await browser.exchange(code)
        claims = claims_of(answer.json()["access_token"])
        assert (claims["amr"], claims["acr"]) == (["oidc", "mfa"], "aal2")
        assert claims["auth_time"] == shown_at, "so that a step-up is required"

    @pytest.mark.parametrize(
        "claims",
        [
            {},
            {"amr": ["pwd"]},
            {"acr": ["gold"]},
            {"acr": "silver"},
            {"amr": ["mfa"], "auth_time": None},
        ],
    )
    async def test_anything_else_leaves_ours_to_be_shown(
        self, browser: Browser, other: HostileDirectory, app: App, claims: dict[str, Any]
    ) -> None:
        assert app.secret
        other.claims = claims
        code = result(await browser.through(other, "other"))["code"]
        assert (await browser.exchange(code)).json()["code"] == "factor-required"

    async def test_without_a_setting_it_never_counts(
        self, browser: Browser, ministry: HostileDirectory, app: App
    ) -> None:
        assert app.secret
        ministry.claims = {"amr": ["mfa"], "acr": "gold"}
        code = (await outcome(browser, ministry))["code"]
        assert (await browser.exchange(code)).json()["code"] == "factor-required"


class TestObligation:
    """A role that must have a second factor."""

    @pytest.fixture
    def settings_changes(self, ministry: HostileDirectory) -> dict[str, Any]:
        own = {"factor_roles": "data_entry", "factor_grace_days": 0}
        return oidc_settings(provider("ministry", ministry.issuer)) | own

    async def test_it_is_not_skipped_by_a_directory(
        self, browser: Browser, ministry: HostileDirectory
    ) -> None:
        ministry.claims = {"amr": ["mfa"], "acr": "gold"}
        code = (await outcome(browser, ministry))["code"]
        wanted = await browser.exchange(code)
        assert wanted.json()["code"] == "factor-enrolment-required"
