"""The refresh token by cookie: out of the body, and out of reach of other sites."""

from typing import Any

import httpx
import pytest
from sqlmodel import select

from auth_service.sessions.models import Session
from auth_service.sessions.service import SessionService
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from common.errors import Unavailable
from testkit.auth.api import PASSWORD, Api
from testkit.auth.factors import STEP_SECONDS, enrol
from testkit.auth.settings import ISSUER, ORIGIN

GUARD = {"Origin": ORIGIN, "X-CSRF": "1"}


def cookie_of(response: httpx.Response) -> dict[str, str]:
    pair = response.headers["set-cookie"].partition(";")[0]
    return {"Cookie": pair}


async def sign_in(api: Api, email: str) -> httpx.Response:
    response: httpx.Response = await api.login(email, delivery="cookie")
    api.client.cookies.clear()
    return response


async def post(api: Api, path: str, headers: dict[str, str], **options: Any) -> httpx.Response:
    response: httpx.Response = await api.call(
        "POST", f"/api/v1/auth/{path}", headers=headers, **options
    )
    api.client.cookies.clear()
    return response


async def test_the_token_is_in_the_cookie_and_not_in_the_body(api: Api, clerk: str) -> None:
    response = await sign_in(api, clerk)
    assert "refresh_token" not in response.json()
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("masijala_refresh=")
    for attribute in ("HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=1209600"):
        assert attribute in cookie
    assert "Domain" not in cookie


async def test_a_cookie_refreshes_and_is_replaced(api: Api, clerk: str) -> None:
    first = await sign_in(api, clerk)
    second = await post(api, "refresh", cookie_of(first) | GUARD)
    assert second.status_code == 200
    assert "refresh_token" not in second.json()
    assert cookie_of(second) != cookie_of(first)
    own_page = {"Origin": ISSUER, "X-CSRF": "1"}
    assert (await post(api, "refresh", cookie_of(second) | own_page)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF": "1"},
        {"Origin": ORIGIN},
        {"Origin": ORIGIN, "X-CSRF": "0"},
        {"Origin": "https://evil.example", "X-CSRF": "1"},
        {"Origin": "null", "X-CSRF": "1"},
        {"Origin": f"{ORIGIN}.evil.example", "X-CSRF": "1"},
    ],
)
@pytest.mark.parametrize("path", ["refresh", "logout"])
async def test_a_cookie_sent_by_another_site_is_refused(
    api: Api, clerk: str, path: str, headers: dict[str, str]
) -> None:
    first = await sign_in(api, clerk)
    refused = await post(api, path, cookie_of(first) | headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross-site-refused")
    assert (await post(api, "refresh", cookie_of(first) | GUARD)).status_code == 200


async def test_signing_out_by_cookie_ends_the_session_and_clears_the_cookie(
    api: Api, clerk: str
) -> None:
    first = await sign_in(api, clerk)
    ended = await post(api, "logout", cookie_of(first) | GUARD)
    assert ended.status_code == 204
    assert "Max-Age=0" in ended.headers["set-cookie"]
    assert (await post(api, "refresh", cookie_of(first) | GUARD)).status_code == 401


async def test_a_token_in_the_body_needs_no_csrf_header(api: Api, clerk: str) -> None:
    first = (await api.login(clerk)).json()
    assert (await api.refresh(first["refresh_token"])).status_code == 200


async def sign_in_again(api: Api, email: str, headers: dict[str, str]) -> httpx.Response:
    body = {"email": email, "password": PASSWORD, "delivery": "cookie"}
    return await post(api, "login", headers, json=body)


@pytest.mark.parametrize("spent", [False, True])
async def test_signing_in_ends_the_session_that_the_browser_still_had(
    api: Api, clerk: str, viewer: str, spent: bool
) -> None:
    first = latest = await sign_in(api, clerk)
    if spent:
        latest = await post(api, "refresh", cookie_of(first) | GUARD)
    second = await sign_in_again(api, viewer, cookie_of(first) | {"Origin": ORIGIN})
    assert second.status_code == 200
    assert second.json()["session"]["id"] != first.json()["session"]["id"]
    assert (await api.me(first.json()["access_token"])).status_code == 401
    assert (await post(api, "refresh", cookie_of(latest) | GUARD)).status_code == 401
    assert (await post(api, "refresh", cookie_of(second) | GUARD)).status_code == 200


async def test_a_sign_in_that_cannot_end_that_session_opens_none(
    api: Api, clerk: str, auth: AuthUnits, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> bool:
        raise Unavailable

    first = await sign_in(api, clerk)
    with monkeypatch.context() as broken:
        broken.setattr(SessionService, "end_by_token", fail)
        failed = await sign_in_again(api, clerk, cookie_of(first) | {"Origin": ORIGIN})
    assert failed.status_code == 503
    async with auth.database.transaction() as session:
        assert len((await session.exec(select(Session))).all()) == 1


async def test_the_password_step_ends_no_session_and_the_second_step_does(
    api: Api, clerk: str, viewer: str, clock: FrozenClock
) -> None:
    app = await enrol(api, await api.token(viewer))
    first = await sign_in(api, clerk)
    with_cookie = {"Origin": ORIGIN} | cookie_of(first)
    waiting = await sign_in_again(api, viewer, with_cookie)
    body = {"challenge_token": waiting.json()["challenge_token"]}
    refused = await post(api, "login/factor", with_cookie, json=body | {"code": "000000"})
    assert refused.status_code == 401
    assert (await api.me(first.json()["access_token"])).status_code == 200

    clock.advance(seconds=STEP_SECONDS)
    right = {"code": app.code(clock.now())}
    signed_in = await post(api, "login/factor", with_cookie, json=body | right)
    assert signed_in.status_code == 200, signed_in.text
    assert (await api.me(first.json()["access_token"])).status_code == 401
    assert (await post(api, "refresh", cookie_of(first) | GUARD)).status_code == 401


async def test_a_sign_in_that_fails_or_comes_from_another_site_ends_no_session(
    api: Api, clerk: str
) -> None:
    first = await sign_in(api, clerk)
    elsewhere = {"Origin": "https://evil.example"}
    await sign_in_again(api, clerk, cookie_of(first) | elsewhere)
    await sign_in_again(api, "unknown@court.example", cookie_of(first) | {"Origin": ORIGIN})
    await sign_in_again(api, clerk, {"Origin": ORIGIN, "Cookie": "masijala_refresh=nonsense"})
    assert (await post(api, "refresh", cookie_of(first) | GUARD)).status_code == 200
