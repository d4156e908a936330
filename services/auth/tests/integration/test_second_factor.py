"""Signing in with a password and the code of an authenticator app, which no other way skips."""

import asyncio
from typing import Any, Final

import pytest

from auth_service.fields import email_hash
from auth_service.limits.lockout import Lockout
from auth_service.mail.jobs import MailWorker
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.accounts import user_id
from testkit.auth.api import PASSWORD, Api, claims_of
from testkit.auth.factors import (
    FACTORS,
    STEP_SECONDS,
    App,
    challenge,
    enrol,
    reason,
    show,
    sign_in,
)
from testkit.auth.mailbox import Mailbox

NEW_PASSWORD: Final = "twelve green herons above a mill"
USERS: Final = "/api/v1/users"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


async def test_a_user_enrols_and_signs_in_with_password_and_code(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    token = await api.token(clerk)
    assert claims_of(token)["acr"] == "aal1"
    app = await enrol(api, token)
    assert len(set(app.recovery_codes)) == 10
    clock.advance(seconds=STEP_SECONDS)

    first = await api.login(clerk)
    assert reason(first) == (401, "factor-required")
    assert set(first.json()) >= {"challenge_token", "methods"}
    assert "access_token" not in first.json()
    assert "set-cookie" not in first.headers
    assert first.json()["methods"] == ["totp", "recovery_code"]

    code = app.code(clock.now())
    signed_in = await show(api, first.json()["challenge_token"], code=f"{code[:3]} {code[3:]}")
    assert signed_in.status_code == 200, signed_in.text
    claims = claims_of(signed_in.json()["access_token"])
    assert (claims["amr"], claims["acr"]) == (["pwd", "otp", "mfa"], "aal2")
    assert signed_in.json()["device_token"]
    refreshed = await api.refresh(signed_in.json()["refresh_token"])
    assert claims_of(refreshed.json()["access_token"])["acr"] == "aal2"
    listed = await api.call("GET", FACTORS, token=signed_in.json()["access_token"])
    (item,) = listed.json()["items"]
    assert (item["kind"], item["name"]) == ("totp", "Phone")
    assert listed.json()["recovery_codes_left"] == 10


async def test_the_session_that_enrols_has_shown_the_factor_and_all_others_end(
    api: Api, clerk: str
) -> None:
    other, own = (await api.login(clerk)).json(), (await api.login(clerk)).json()
    await enrol(api, own["access_token"])
    assert reason(await api.refresh(other["refresh_token"])) == (401, "refresh-token-invalid")
    refreshed = await api.refresh(own["refresh_token"])
    assert claims_of(refreshed.json()["access_token"])["acr"] == "aal2"


async def test_a_code_works_once(api: Api, clerk: str, app: App, clock: FrozenClock) -> None:
    code = app.code(clock.now())
    assert (await show(api, await challenge(api, clerk), code=code)).status_code == 200
    again = await show(api, await challenge(api, clerk), code=code)
    assert reason(again) == (401, "factor-refused")
    earlier = await sign_in(api, clerk, app, -1)
    assert reason(earlier) == (401, "factor-refused"), "what came before it is spent as well"


async def test_the_code_of_the_enrolment_does_not_sign_in(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    app = await enrol(api, await api.token(clerk))
    assert reason(await sign_in(api, clerk, app)) == (401, "factor-refused")
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, clerk, app)).status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_a_clock_may_be_off_by_one_step(
    api: Api, clerk: str, app: App, clock: FrozenClock, steps: int, status: int
) -> None:
    clock.advance(seconds=10 * STEP_SECONDS)
    assert (await sign_in(api, clerk, app, steps)).status_code == status


async def test_of_simultaneous_uses_of_a_code_one_succeeds(
    api: Api, clerk: str, app: App, clock: FrozenClock
) -> None:
    code = app.code(clock.now())
    tokens = [await challenge(api, clerk) for _ in range(5)]
    answers = await asyncio.gather(*(show(api, token, code=code) for token in tokens))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


async def test_a_challenge_is_for_one_sign_in_five_tries_and_five_minutes(
    api: Api, auth: AuthUnits, clerk: str, app: App, clock: FrozenClock
) -> None:
    token = await challenge(api, clerk)
    assert (await show(api, token, code=app.code(clock.now()))).status_code == 200
    clock.advance(seconds=STEP_SECONDS)
    assert reason(await show(api, token, code=app.code(clock.now()))) == (401, "challenge-invalid")

    tried = await challenge(api, clerk)
    for _ in range(5):
        async with auth.begin() as unit:  # the back-off is not the subject
            await unit.get(Lockout).clear(email_hash(clerk))
        assert reason(await show(api, tried, code="000000")) == (401, "factor-refused")
    assert reason(await show(api, tried, code=app.code(clock.now()))) == (401, "challenge-invalid")

    late = await challenge(api, clerk)
    clock.advance(minutes=5)
    assert reason(await show(api, late, code=app.code(clock.now()))) == (401, "challenge-invalid")
    for unknown in ("x", "a" * 64, late[:-2] + "aa"):
        answer = await show(api, unknown, code=app.code(clock.now()))
        assert reason(answer) == (401, "challenge-invalid")


async def test_a_challenge_is_no_session(api: Api, clerk: str, app: App) -> None:
    token = await challenge(api, clerk)
    assert app.secret not in token
    assert reason(await api.refresh(token)) == (401, "refresh-token-invalid")
    headers = {"Authorization": f"Bearer {token}"}
    answer = await api.call("GET", "/api/v1/auth/me", headers=headers)
    assert answer.status_code == 401


async def test_a_new_password_ends_what_waits_for_a_factor(
    api: Api, auth: AuthUnits, clerk: str, app: App, mailbox: Mailbox, clock: FrozenClock
) -> None:
    waiting = await challenge(api, clerk)
    await api.call("POST", "/api/v1/auth/password/forgot", json={"email": clerk})
    await auth.get(MailWorker).empty()
    body = {"token": mailbox.newest_token(), "new_password": NEW_PASSWORD}
    reset = await api.call("POST", "/api/v1/auth/password/reset", json=body)
    assert reset.status_code == 204
    code = app.code(clock.now())
    assert reason(await show(api, waiting, code=code)) == (401, "challenge-invalid")
    # The reset gives no session, and the next sign-in wants the factor as ever.
    assert (await show(api, await challenge(api, clerk, NEW_PASSWORD), code=code)).is_success


async def test_a_deactivated_user_cannot_finish_a_sign_in(
    api: Api, clerk: str, admin: str, app: App, clock: FrozenClock
) -> None:
    waiting, token = await challenge(api, clerk), await api.token(admin)
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    headers = {"If-Match": "*"}
    await api.call("PATCH", path, token=token, json={"is_active": False}, headers=headers)
    answer = await show(api, waiting, code=app.code(clock.now()))
    assert reason(answer) == (401, "challenge-invalid")


async def test_a_wrong_password_does_not_tell_who_has_a_factor(
    api: Api, clerk: str, viewer: str, app: App
) -> None:
    assert app.secret
    answers = [
        await api.login(email, "not the password")
        for email in (clerk, viewer, "unknown@masijala.example")
    ]
    bodies = [answer.json() | {"request_id": None} for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["code"] == "invalid-credentials"


async def test_by_cookie_the_tokens_come_with_the_second_step(
    api: Api, clerk: str, app: App, clock: FrozenClock
) -> None:
    first = await api.login(clerk, delivery="cookie")
    assert "set-cookie" not in first.headers
    token = first.json()["challenge_token"]
    signed_in = await show(api, token, code=app.code(clock.now()))
    assert "refresh_token" not in signed_in.json()
    names = {text.partition("=")[0] for text in signed_in.headers.get_list("set-cookie")}
    assert names == {"masijala_refresh", "masijala_device"}


async def test_the_password_is_not_enough_for_a_second_tab_or_an_older_token(
    api: Api, clerk: str, app: App
) -> None:
    for _ in range(2):
        assert reason(await api.login(clerk, PASSWORD)) == (401, "factor-required")
    assert app.secret
