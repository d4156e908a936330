"""Strangers who guess at an account do not keep its owner out."""

import asyncio
from typing import Any

import pytest

from auth_service.audit.actions import Action
from auth_service.mail.jobs import MailWorker
from auth_service.mail.letters import SUBJECTS, LetterKind
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from common.known_devices import COOKIE
from testkit.auth.accounts import user_id
from testkit.auth.api import PASSWORD, Api
from testkit.auth.mailbox import Mailbox, text_of

FORGOT = "/api/v1/auth/password/forgot"
CHANGE = "/api/v1/auth/password/change"
WRONG = "not the password"
NEW_PASSWORD = "twelve green herons above a mill"
ORIGIN = {"Origin": "http://localhost:3000"}


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings | {
        "limit_login_account": "20/60",
        "limit_login_ip": "1000/60",
        "limit_forgot_account": "4/3600",
        "password_max_failures": 10,
    }


async def device_token(api: Api, email: str) -> str:
    """What a device has after it signed in."""
    return str((await api.login(email)).json()["device_token"])


async def be_guessed(api: Api, clock: FrozenClock, email: str, guesses: int = 10) -> None:
    """Let strangers guess, each time as soon as they may."""
    for _ in range(guesses):
        answer = await api.login(email, WRONG)
        assert answer.status_code == 401
        clock.advance(seconds=300)


async def test_a_known_device_signs_in_while_strangers_are_stopped(api: Api, clerk: str) -> None:
    device = await device_token(api, clerk)
    for _ in range(25):
        await api.login(clerk, WRONG)
    assert (await api.login(clerk)).status_code == 429
    signed_in = await api.login(clerk, device_token=device)
    assert signed_in.status_code == 200
    assert signed_in.json()["device_token"] == device
    assert (await api.login(clerk)).status_code == 429  # what strangers may try is not renewed


async def test_a_browser_keeps_its_device_in_a_cookie_for_each_of_its_users(
    api: Api, clerk: str, viewer: str
) -> None:
    stored = ""

    async def sign_in(email: str) -> Any:
        body = {"email": email, "password": PASSWORD, "delivery": "cookie"}
        headers = {"Cookie": f"{COOKIE}={stored}"}
        return await api.call("POST", "/api/v1/auth/login", json=body, headers=headers)

    for email in (clerk, viewer):
        answer = await sign_in(email)
        assert "device_token" not in answer.json()
        made = answer.headers.get_list("set-cookie")
        (cookie,) = (text for text in made if text.startswith(COOKIE))
        assert {"HttpOnly", "Secure", "SameSite=strict"} <= set(cookie.split("; "))
        stored = cookie.partition("=")[2].partition(";")[0]
    for email in (clerk, viewer):
        for _ in range(6):
            await api.login(email, WRONG)
        assert (await api.login(email)).status_code == 429
        assert (await sign_in(email)).status_code == 200, email


async def test_a_stolen_device_token_is_worth_its_own_few_tries(
    api: Api, clerk: str, viewer: str
) -> None:
    device, other = await device_token(api, clerk), await device_token(api, clerk)
    answers = [await api.login(clerk, WRONG, device_token=device) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert (await api.login(clerk, device_token=other)).status_code == 200
    assert (await api.login(clerk)).status_code == 200
    refused = [await api.login(viewer, WRONG, device_token=device) for _ in range(6)]
    assert refused[-1].status_code == 429
    assert (await api.login(viewer)).status_code == 429  # it is no device of theirs


async def test_strangers_do_not_stop_the_change_of_the_password(api: Api, clerk: str) -> None:
    token = await api.token(clerk)
    for _ in range(25):
        await api.login(clerk, WRONG)
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert (await api.call("POST", CHANGE, token=token, json=body)).status_code == 204


async def test_strangers_do_not_stop_the_owners_own_reset(api: Api, clerk: str) -> None:
    device = await device_token(api, clerk)
    for _ in range(4):
        assert (await api.call("POST", FORGOT, json={"email": clerk})).status_code == 202
    assert (await api.call("POST", FORGOT, json={"email": clerk})).status_code == 429
    body = {"email": clerk, "device_token": device}
    assert (await api.call("POST", FORGOT, json=body)).status_code == 202


async def test_a_locked_account_is_notified_once_shown_and_unlocked(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clock: FrozenClock, clerk: str, admin: str
) -> None:
    device = await device_token(api, clerk)
    await be_guessed(api, clock, clerk, guesses=12)
    await be_guessed(api, clock, "unknown@masijala.example", guesses=12)
    assert (await api.login(clerk)).status_code == 401
    clock.advance(seconds=300)
    assert (await api.login(clerk, device_token=device)).status_code == 200
    await auth.get(MailWorker).empty()
    assert mailbox.subjects == [SUBJECTS[LetterKind.LOCKED]]
    assert clerk in text_of(mailbox.messages[0])

    token = await api.token(admin)
    path = f"/api/v1/users/{await user_id(api, token, clerk)}"
    assert (await api.call("GET", path, token=token)).json()["is_locked"] is True
    listed = (await api.call("GET", "/api/v1/users", token=token)).json()["items"]
    assert {user["email"]: user["is_locked"] for user in listed} == {clerk: True, admin: False}
    assert (await api.call("POST", f"{path}/unlock", token=token)).status_code == 204
    assert (await api.call("GET", path, token=token)).json()["is_locked"] is False
    assert (await api.login(clerk)).status_code == 200
    events = (await api.call("GET", "/api/v1/audit-events", token=token)).json()["items"]
    assert {Action.ACCOUNT_LOCK, Action.ACCOUNT_UNLOCK} <= {event["action"] for event in events}


async def test_guesses_at_one_account_stay_under_a_hundred_an_hour(
    api: Api, clock: FrozenClock, clerk: str
) -> None:
    guessed = 0
    for _ in range(3600 // 5):
        guessed += (await api.login(clerk, WRONG)).status_code == 401
        clock.advance(seconds=5)
    assert 0 < guessed < 100


async def test_many_guesses_at_once_lock_with_one_letter(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    answers = await asyncio.gather(*(api.login(clerk, WRONG) for _ in range(15)))
    assert {answer.status_code for answer in answers} <= {401, 429}
    await auth.get(MailWorker).empty()
    assert len(mailbox.messages) <= 1
