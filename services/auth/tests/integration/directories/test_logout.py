"""OpenID Connect Back-Channel Logout 1.0: a directory ends the sessions that began there."""

from time import time
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import select

from auth_service.housekeeping import Housekeeping
from auth_service.oidc.logout_tokens import EVENT, LONGEST_SECONDS
from auth_service.oidc.models import DirectorySession
from auth_service.oidc.repository import DirectorySessionRepository
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.api import Api, claims_of
from testkit.auth.directories import (
    CLIENT_ID,
    CLIENT_SECRET,
    OIDC,
    Browser,
    HostileDirectory,
    logout_claims,
    oidc_settings,
    outcome,
    provider,
)
from testkit.auth.factors import App, reason, show

PATH = f"{OIDC}/ministry/logout"
LONG_AGO = int(time()) - LONGEST_SECONDS - 60
WRONG_CLAIMS: tuple[tuple[str, Any], ...] = (
    *(("iss", "https://evil.example"), ("iss", None)),
    *(("aud", "another"), ("aud", [CLIENT_ID, "another"]), ("aud", None)),
    *(("iat", LONG_AGO), ("iat", None), ("iat", "now"), ("iat", int(time()) + 9999)),
    *(("exp", LONG_AGO), ("exp", None), ("exp", True)),
    *(("jti", None), ("jti", 7), ("jti", "x" * 256)),
    *(("sub", None), ("sub", 7), ("sid", 7), ("sid", "x" * 256)),
    *(("events", None), ("events", {}), ("events", [EVENT]), ("events", {EVENT: True})),
    ("nonce", "abc"),
)


@pytest.fixture
def settings_changes(ministry: HostileDirectory, other: HostileDirectory) -> dict[str, Any]:
    return oidc_settings(provider("ministry", ministry.issuer), provider("other", other.issuer))


def logout_token(directory: HostileDirectory, typ: str = "logout+jwt", **changes: Any) -> str:
    headers = {"kid": directory.kid, "typ": typ}
    claims = logout_claims(directory, **changes)
    return jwt.encode(claims, directory.signs_with, directory.algorithm, headers)


async def send(api: Api, token: str, path: str = PATH) -> Any:
    return await api.call("POST", path, data={"logout_token": token})


async def sign_in(browser: Browser, directory: HostileDirectory, sid: str | None = None) -> Any:
    directory.claims["sid"] = sid
    code = (await outcome(browser, directory))["code"]
    return (await browser.exchange(code)).json()


async def is_over(api: Api, signed_in: Any) -> bool:
    answer = await api.refresh(signed_in["refresh_token"])
    return bool(answer.status_code == 401)


async def test_a_logout_of_the_user_ends_every_session_that_began_there_and_no_other(
    browser: Browser, ministry: HostileDirectory, api: Api, clerk: str, admin: str
) -> None:
    there = [await sign_in(browser, ministry) for _ in range(2)]
    by_password = (await api.login(clerk)).json()
    done = await send(api, logout_token(ministry))
    assert (done.status_code, done.headers["cache-control"]) == (200, "no-store")
    assert [await is_over(api, each) for each in (*there, by_password)] == [True, True, False]

    token = await api.token(admin)
    events = await api.call("GET", "/api/v1/audit-events?action=directory-logout", token=token)
    (event,) = events.json()["items"]
    assert (event["outcome"], event["details"]) == ("success", {"provider": "ministry"})


async def test_the_access_token_is_refused_at_once(
    browser: Browser, ministry: HostileDirectory, api: Api, auth: AuthUnits
) -> None:
    signed_in = await sign_in(browser, ministry)
    sid = claims_of(signed_in["access_token"])["sid"]
    assert await auth.publisher.store.redis.get(f"rev:sid:{sid}") is None
    assert (await send(api, logout_token(ministry))).status_code == 200
    assert await auth.publisher.store.redis.get(f"rev:sid:{sid}") == "1"


@pytest.mark.parametrize("subject", [None, "subject-1"])
async def test_a_logout_of_one_session_leaves_the_others(
    browser: Browser, ministry: HostileDirectory, api: Api, subject: str | None
) -> None:
    one, another = (
        await sign_in(browser, ministry, "sid-1"),
        await sign_in(browser, ministry, "sid-2"),
    )
    assert (await send(api, logout_token(ministry, sub=subject, sid="sid-1"))).status_code == 200
    assert [await is_over(api, each) for each in (one, another)] == [True, False]


async def test_a_sign_in_under_way_ends_as_well(
    browser: Browser, ministry: HostileDirectory, api: Api
) -> None:
    code = (await outcome(browser, ministry))["code"]
    await sign_in(browser, ministry)
    assert (await send(api, logout_token(ministry))).status_code == 200
    assert reason(await browser.exchange(code)) == (401, "sign-in-code-invalid")


async def test_a_sign_in_that_waits_for_a_second_factor_ends_as_well(
    browser: Browser, ministry: HostileDirectory, api: Api, app: App, clock: FrozenClock
) -> None:
    waiting = await sign_in(browser, ministry, "sid-1")
    shown = await sign_in(browser, ministry, "sid-1")
    code = app.code(clock.now())
    opened = await show(api, shown["challenge_token"], code=code)
    assert opened.status_code == 200
    assert (await send(api, logout_token(ministry, sid="sid-1"))).status_code == 200
    assert await is_over(api, opened.json())
    refused = await show(api, waiting["challenge_token"], code="000000")
    assert reason(refused) == (401, "challenge-invalid")


async def test_a_logout_of_an_unknown_user_is_answered_alike(
    api: Api, ministry: HostileDirectory
) -> None:
    assert (await send(api, logout_token(ministry, sub="unknown"))).status_code == 200


async def test_a_directory_ends_no_session_of_another(
    browser: Browser, ministry: HostileDirectory, other: HostileDirectory, api: Api
) -> None:
    signed_in = await sign_in(browser, ministry, "sid-1")
    theirs = logout_token(other, sub=ministry.subject, sid="sid-1")
    assert (await send(api, theirs, f"{OIDC}/other/logout")).status_code == 200
    assert (await send(api, theirs)).status_code == 400
    assert not await is_over(api, signed_in)


async def test_a_token_works_once(
    browser: Browser, ministry: HostileDirectory, api: Api, admin: str
) -> None:
    token = logout_token(ministry)
    assert (await send(api, token)).status_code == 200
    signed_in = await sign_in(browser, ministry)
    assert (await send(api, token)).status_code == 400
    assert not await is_over(api, signed_in)
    events = await api.call(
        "GET",
        "/api/v1/audit-events?action=directory-logout&outcome=failure",
        token=await api.token(admin),
    )
    assert [each["reason"] for each in events.json()["items"]] == ["logout-token-used"]


async def test_no_other_token_is_accepted(
    browser: Browser, ministry: HostileDirectory, api: Api
) -> None:
    signed_in = await sign_in(browser, ministry)
    headers = {"kid": ministry.kid, "typ": "logout+jwt"}
    claims = logout_claims(ministry)
    wrong = {
        "an ID token": ministry.signed(),
        "of another key": jwt.encode(
            claims, ec.generate_private_key(ec.SECP256R1()), "ES256", headers
        ),
        "by the client's secret": jwt.encode(claims, CLIENT_SECRET * 2, "HS256", headers),
        "unsigned": jwt.encode(claims, "", "none", headers),
        "of another type": logout_token(ministry, "at+jwt"),
        "nothing": "",
        "text": "abc",
    } | {f"{name}={value}": logout_token(ministry, **{name: value}) for name, value in WRONG_CLAIMS}
    answers = {what: (await send(api, token)).status_code for what, token in wrong.items()}
    assert answers == dict.fromkeys(wrong, 400)
    assert not await is_over(api, signed_in)


async def test_a_new_key_is_fetched_and_a_directory_that_is_unavailable_may_try_again(
    browser: Browser, ministry: HostileDirectory, api: Api
) -> None:
    signed_in = await sign_in(browser, ministry)
    ministry.rotate("key-2")
    ministry.statuses["/keys"] = 500
    assert (await send(api, logout_token(ministry))).status_code == 400
    del ministry.statuses["/keys"]
    assert (await send(api, logout_token(ministry))).status_code == 200
    assert await is_over(api, signed_in)


async def test_what_began_there_is_known_as_long_as_the_session(
    browser: Browser, ministry: HostileDirectory, auth: AuthUnits, clock: FrozenClock, app: App
) -> None:
    waiting = await sign_in(browser, ministry)
    opened = await show(browser.api, waiting["challenge_token"], code=app.code(clock.now()))
    session_id = UUID(opened.json()["session"]["id"])
    await sign_in(browser, ministry)  # and never shows the second factor

    async def known() -> set[UUID]:
        async with auth.begin() as unit:
            every = await unit.get(DirectorySessionRepository).all(select(DirectorySession))
            return {each.session_id for each in every}

    await auth.get(Housekeeping).run()
    assert len(await known()) == 2
    clock.advance(days=2)
    await auth.get(Housekeeping).run()
    assert await known() == {session_id}
    clock.advance(days=60)
    for _ in range(2):
        await auth.get(Housekeeping).run()
    assert await known() == set()


async def test_only_a_form_to_a_directory_of_the_settings_is_read(
    api: Api, ministry: HostileDirectory
) -> None:
    token = logout_token(ministry)
    assert (await send(api, token, f"{OIDC}/unknown/logout")).status_code == 404
    as_json = await api.call("POST", PATH, json={"logout_token": token})
    assert as_json.status_code == 400
    assert (await api.call("GET", PATH)).status_code == 405
