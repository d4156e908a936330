"""Recovery codes: used once, and replaced."""

import asyncio
from typing import Any

import pytest

from auth_service.mail.jobs import MailWorker
from auth_service.units import AuthUnits
from testkit.auth.api import Api, claims_of
from testkit.auth.factors import (
    FACTORS,
    App,
    challenge,
    reason,
    show,
    sign_in,
)
from testkit.auth.mailbox import Mailbox, text_of


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


async def test_a_recovery_code_works_once_and_the_user_is_notified(
    api: Api, auth: AuthUnits, clerk: str, app: App, mailbox: Mailbox
) -> None:
    code = app.recovery_codes[3]
    as_typed = code.lower().replace("-", " ")
    signed_in = await show(api, await challenge(api, clerk), recovery_code=as_typed)
    assert signed_in.status_code == 200, signed_in.text
    claims = claims_of(signed_in.json()["access_token"])
    assert (claims["amr"], claims["acr"]) == (["pwd", "recovery", "mfa"], "aal2")
    again = await show(api, await challenge(api, clerk), recovery_code=code)
    assert reason(again) == (401, "factor-refused")
    listed = await api.call("GET", FACTORS, token=signed_in.json()["access_token"])
    assert listed.json()["recovery_codes_left"] == 9
    await auth.get(MailWorker).empty()
    letter = mailbox.messages[-1]
    assert "Recovery code" in str(letter["Subject"])
    assert "Habari Demo Clerk" in text_of(letter)


async def test_of_simultaneous_uses_of_a_recovery_code_one_succeeds(
    api: Api, clerk: str, app: App
) -> None:
    tokens = [await challenge(api, clerk) for _ in range(4)]
    code = app.recovery_codes[0]
    answers = await asyncio.gather(*(show(api, token, recovery_code=code) for token in tokens))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_new_recovery_codes_replace_the_old_ones(api: Api, clerk: str, app: App) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    answer = await api.call("POST", f"{FACTORS}/recovery-codes", token=token)
    made = answer.json()["recovery_codes"]
    assert len(made) == 10
    old = await show(api, await challenge(api, clerk), recovery_code=app.recovery_codes[0])
    assert reason(old) == (401, "factor-refused")
    assert (await show(api, await challenge(api, clerk), recovery_code=made[0])).is_success
