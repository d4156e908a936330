"""An administrator resets the second factors that a user has lost."""

from typing import Any, Final

import pytest

from auth_service.mail.jobs import MailWorker
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.accounts import user_id
from testkit.auth.api import Api
from testkit.auth.factors import (
    STEP_SECONDS,
    STEP_UP,
    App,
    challenge,
    enrol,
    reason,
    show,
    sign_in,
)
from testkit.auth.mailbox import Mailbox, text_of

USERS: Final = "/api/v1/users"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


async def test_an_administrator_resets_what_a_user_has_lost(
    api: Api, auth: AuthUnits, clerk: str, admin: str, app: App, mailbox: Mailbox
) -> None:
    signed_in = (await sign_in(api, clerk, app)).json()
    token = await api.token(admin)
    path = f"{USERS}/{signed_in['user']['id']}"
    assert (await api.call("GET", path, token=token)).json()["has_factor"]
    waiting = await challenge(api, clerk)
    assert (await api.call("DELETE", f"{path}/factors", token=token)).status_code == 204
    assert not (await api.call("GET", path, token=token)).json()["has_factor"]
    refreshed = await api.refresh(signed_in["refresh_token"])
    assert reason(refreshed) == (401, "refresh-token-invalid")
    code = app.recovery_codes[0]
    answer = await show(api, waiting, recovery_code=code)
    assert reason(answer) == (401, "challenge-invalid")
    assert (await api.login(clerk)).status_code == 200
    await auth.get(MailWorker).empty()
    letter = next(each for each in mailbox.messages if "reset" in str(each["Subject"]))
    assert letter["To"] == clerk
    assert "an administrator has reset" in text_of(letter)
    assert "msimamizi ameondoa" in text_of(letter, "html")


async def test_administrators_do_not_reset_their_own_factors(api: Api, admin: str) -> None:
    token = await api.token(admin)
    path = f"{USERS}/{await user_id(api, token, admin)}/factors"
    await enrol(api, token)
    assert reason(await api.call("DELETE", path, token=token)) == (403, "own-factors")


async def test_a_reset_requires_that_the_administrator_was_just_there(
    api: Api, clerk: str, admin: str, app: App, clock: FrozenClock
) -> None:
    token = await api.token(admin)
    path = f"{USERS}/{await user_id(api, token, clerk)}/factors"
    clock.advance(seconds=901)
    assert reason(await api.call("DELETE", path, token=token)) == (403, "reauthentication-required")

    own = await enrol(api, await api.token(admin))
    clock.advance(seconds=STEP_SECONDS)
    token = (await sign_in(api, admin, own)).json()["access_token"]
    clock.advance(seconds=901)
    assert reason(await api.call("DELETE", path, token=token)) == (403, "step-up-required")
    body = {"code": own.code(clock.now())}
    newer = (await api.call("POST", STEP_UP, token=token, json=body)).json()["access_token"]
    assert (await sign_in(api, clerk, app)).status_code == 200, "nothing was reset so far"
    assert (await api.call("DELETE", path, token=newer)).status_code == 204
