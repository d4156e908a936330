"""Answers of directories, and of others in their place, that must open nothing."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest

from auth_service.oidc.service import Directories
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.api import Api
from testkit.auth.directories import (
    INVALID,
    METADATA,
    OIDC,
    REFUSED,
    UNAVAILABLE,
    VERIFIER,
    Browser,
    HostileDirectory,
    challenge_of,
    outcome,
    query_of,
    result,
)


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
    assert result(mixed) == INVALID
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
    assert result(refused) == INVALID
    (name,) = set(browser.cookies)
    victim.cookies[name] = next(iter(victim.cookies.values()))
    assert result(await victim.back(f"{query['redirect_uri']}?{back}")) == INVALID
    assert not ministry.forms


async def test_an_answer_that_names_no_sign_in_ends_none(
    browser: Browser, ministry: HostileDirectory
) -> None:
    query = query_of(await browser.start("ministry"))
    given = {"code": "code-1", "iss": ministry.issuer}
    assert result(await browser.back(f"{query['redirect_uri']}?{urlencode(given)}")) == INVALID
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
    assert result(await browser.back(address)) == INVALID
    assert len(ministry.forms) == 1

    query = query_of(await browser.start("ministry"))
    clock.advance(seconds=601)
    late = {"state": query["state"], "code": "code-1", "iss": ministry.issuer}
    refused = await browser.back(f"{query['redirect_uri']}?{urlencode(late)}")
    assert result(refused) == INVALID


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
    servers = [each.server for each in auth.get(Directories).all]
    patience = [server._timeout_seconds for server in servers]
    for server in servers:
        server._timeout_seconds = 0.3
    ministry.delays[path] = 5.0
    if path == METADATA:
        query = urlencode({"code_challenge": challenge_of(VERIFIER)})
        answer = await browser.get(f"{OIDC}/ministry/start?{query}")
    else:
        answer = await browser.through(ministry, "ministry")
    assert result(answer) == UNAVAILABLE
    ministry.delays.clear()
    for server, seconds in zip(servers, patience, strict=True):
        server._timeout_seconds = seconds
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
