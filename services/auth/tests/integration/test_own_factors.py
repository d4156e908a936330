"""Users change their own second factors, after they have shown who they are."""

from typing import Any

import pytest

from auth_service.mail.jobs import MailWorker
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.api import Api, claims_of
from testkit.auth.factors import (
    FACTORS,
    STEP_SECONDS,
    STEP_UP,
    App,
    challenge,
    enrol,
    reason,
    show,
    sign_in,
)
from testkit.auth.mailbox import Mailbox


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


async def test_removing_a_factor_requires_that_one_was_just_shown(
    api: Api, auth: AuthUnits, clerk: str, app: App, clock: FrozenClock, mailbox: Mailbox
) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    clock.advance(seconds=901)
    path = f"{FACTORS}/{app.factor_id}"
    refused = await api.call("DELETE", path, token=token)
    assert reason(refused) == (403, "step-up-required")
    assert (refused.json()["acr_values"], refused.json()["max_age"]) == ("aal2", 900)
    assert 'max_age="900"' in refused.headers["WWW-Authenticate"]
    for method, other in (("POST", f"{FACTORS}/recovery-codes"), ("POST", f"{FACTORS}/totp")):
        assert reason(await api.call(method, other, token=token, json={}))[1] == "step-up-required"

    wrong = await api.call("POST", STEP_UP, token=token, json={"code": "000000"})
    assert reason(wrong) == (422, "validation-failed")
    body = {"code": app.code(clock.now())}
    stepped_up = await api.call("POST", STEP_UP, token=token, json=body)
    assert stepped_up.status_code == 200, stepped_up.text
    newer = stepped_up.json()["access_token"]
    assert claims_of(newer)["auth_time"] == int(clock.now().timestamp())
    again = await api.call("POST", STEP_UP, token=token, json=body)
    assert reason(again) == (422, "validation-failed"), "a code works once here as well"

    assert (await api.call("DELETE", path, token=newer)).status_code == 204
    assert (await api.login(clerk)).status_code == 200
    await auth.get(MailWorker).empty()
    assert "removed" in mailbox.subjects[-1]


async def test_a_new_app_replaces_the_old_one_once_it_is_confirmed(
    api: Api, admin: str, clerk: str, app: App, clock: FrozenClock
) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    begun = await api.call("POST", f"{FACTORS}/totp", token=token, json={"name": "New phone"})
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, clerk, app)).status_code == 200, "until then the old one counts"
    newer = App(begun.json()["secret"])
    wrong = {"code": app.code(clock.now(), 1)}
    confirm = f"{FACTORS}/totp/confirm"
    refused = await api.call("POST", confirm, token=token, json=wrong)
    assert reason(refused) == (422, "validation-failed")
    body = {"code": newer.code(clock.now())}
    added = await api.call("POST", confirm, token=token, json=body)
    assert added.json()["recovery_codes"] is None, "the earlier ones still work"
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, clerk, app)).status_code == 401
    assert (await sign_in(api, clerk, newer)).status_code == 200
    path = "/api/v1/audit-events?action=factor-remove"
    removed = await api.call("GET", path, token=await api.token(admin))
    assert [each["details"]["factor_id"] for each in removed.json()["items"]] == [app.factor_id]


async def test_enrolling_requires_a_recent_sign_in(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    token = await api.token(clerk)
    clock.advance(seconds=901)
    answer = await api.call("POST", f"{FACTORS}/totp", token=token, json={})
    assert reason(answer) == (403, "reauthentication-required")


async def test_one_user_cannot_use_or_remove_what_is_anothers(
    api: Api, clerk: str, viewer: str, app: App, clock: FrozenClock
) -> None:
    token = await api.token(viewer)
    theirs = await enrol(api, token)
    answer = await api.call("DELETE", f"{FACTORS}/{app.factor_id}", token=token)
    assert reason(answer) == (404, "not-found")
    waiting = await challenge(api, clerk)
    clock.advance(seconds=STEP_SECONDS)
    assert (await show(api, waiting, code=theirs.code(clock.now()))).status_code == 401
    code = theirs.recovery_codes[0]
    assert (await show(api, waiting, recovery_code=code)).status_code == 401
