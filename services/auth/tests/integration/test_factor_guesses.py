"""Guesses at second factors are counted, slowed down and stopped."""

import asyncio
from uuid import UUID

import psycopg

from auth_service.limits.lockout import Lockout
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.api import Api
from testkit.auth.factors import (
    STEP_SECONDS,
    STEP_UP,
    App,
    challenge,
    reason,
    show,
    sign_in,
)


async def test_wrong_codes_count_as_wrong_passwords_do(
    api: Api, clerk: str, app: App, clock: FrozenClock, database_url: str
) -> None:
    token, waiting = await challenge(api, clerk), await challenge(api, clerk)
    for _ in range(5):
        assert reason(await show(api, token, code="000000")) == (401, "factor-refused")
    assert (await api.login(clerk)).status_code == 429
    assert (await show(api, waiting, code=app.code(clock.now()))).status_code == 429
    with psycopg.connect(database_url) as connection:
        denied = "SELECT reason FROM audit_events WHERE outcome = 'denied'"
        assert connection.execute(denied).fetchall() == [("backing-off",)] * 2
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, clerk, app)).status_code == 200
    # A whole sign-in has cleared the count; the password alone would not have.
    assert reason(await show(api, await challenge(api, clerk), code="000000"))[0] == 401


async def test_a_known_device_shows_its_code_while_strangers_are_stopped(
    api: Api, clerk: str, app: App, clock: FrozenClock
) -> None:
    device = (await sign_in(api, clerk, app)).json()["device_token"]
    clock.advance(seconds=STEP_SECONDS)
    stranger = await challenge(api, clerk)
    for _ in range(5):
        await show(api, stranger, code="000000")
    token = await challenge(api, clerk, device_token=device)
    code = app.code(clock.now())
    assert (await show(api, stranger, code=code)).status_code in {401, 429}
    signed_in = await show(api, token, code=code, device_token=device)
    assert signed_in.status_code == 200
    assert signed_in.json()["device_token"] == device


async def test_guesses_in_a_session_are_slowed_down(api: Api, clerk: str, app: App) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    answers = [
        await api.call("POST", STEP_UP, token=token, json={"code": "000000"}) for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert (await api.login(clerk)).status_code == 401, "the sign-in has its own count"


async def test_simultaneous_guesses_in_a_session_are_all_counted(
    api: Api, clerk: str, app: App
) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    guesses = (api.call("POST", STEP_UP, token=token, json={"code": "000000"}) for _ in range(8))
    answers = await asyncio.gather(*guesses)
    assert sorted(answer.status_code for answer in answers) == [422] * 5 + [429] * 3


async def test_after_a_hundred_guesses_in_a_session_the_right_code_is_refused_as_well(
    api: Api, auth: AuthUnits, clerk: str, app: App, clock: FrozenClock, database_url: str
) -> None:
    signed_in = (await sign_in(api, clerk, app)).json()
    counter = Lockout.change_counter(UUID(signed_in["user"]["id"]))
    async with auth.begin() as unit:
        for _ in range(100):
            await unit.get(Lockout).failed(counter)
    clock.advance(minutes=6)
    body = {"code": app.code(clock.now())}
    answer = await api.call("POST", STEP_UP, token=signed_in["access_token"], json=body)
    assert reason(answer) == (422, "validation-failed")
    with psycopg.connect(database_url) as connection:
        refused = "SELECT reason FROM audit_events WHERE action = 'step-up'"
        assert connection.execute(refused).fetchall() == [("locked",)]
