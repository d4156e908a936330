"""Sessions have names, and a sign-in from a new device is noticed."""

from typing import Any

import pytest

from auth_service.mail.jobs import MailWorker
from auth_service.mail.letters import SUBJECTS, LetterKind
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.api import PASSWORD, Api
from testkit.auth.factors import App, sign_in
from testkit.auth.mailbox import Mailbox, text_of

SESSIONS = "/api/v1/auth/sessions"
NEW_PASSWORD = "twelve green herons above a mill"
FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0 <written by a stranger>"}
SUBJECT = SUBJECTS[LetterKind.NEW_DEVICE]


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings | {"device_letters": True, "limit_device_letter": "2/3600"}


async def letters(auth: AuthUnits, mailbox: Mailbox) -> int:
    """How many letters about new devices have come."""
    await auth.get(MailWorker).empty()
    return mailbox.subjects.count(SUBJECT)


async def test_the_first_sign_in_after_the_password_was_set_is_not_noticed(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str, clock: FrozenClock
) -> None:
    signed_in = (await api.login(clerk)).json()
    clock.advance(seconds=1)
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    path, token = "/api/v1/auth/password/change", signed_in["access_token"]
    assert (await api.call("POST", path, token=token, json=body)).status_code == 204
    clock.advance(seconds=1)
    assert (await api.login(clerk, NEW_PASSWORD)).status_code == 200
    assert await letters(auth, mailbox) == 0


async def test_a_new_device_is_noticed_and_a_known_one_is_not(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    known = (await api.login(clerk)).json()["device_token"]
    await api.login(clerk, device_token=known)
    assert await letters(auth, mailbox) == 0
    body = {"email": clerk, "password": PASSWORD, "device_name": "Ring 0700"}
    await api.call("POST", "/api/v1/auth/login", json=body, headers=FIREFOX)
    assert await letters(auth, mailbox) == 1
    for kind in ("plain", "html"):
        text = text_of(mailbox.messages[-1], kind)
        assert "Firefox on Windows" in text
        assert "stranger" not in text
        assert "Ring 0700" not in text
        assert "Habari Demo Clerk" in text


async def test_the_second_step_notices_a_new_device_as_well(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str, app: App
) -> None:
    assert (await sign_in(api, clerk, app)).status_code == 200
    assert await letters(auth, mailbox) == 1


async def test_letters_about_new_devices_are_few(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    for _ in range(5):
        assert (await api.login(clerk)).status_code == 200
    assert await letters(auth, mailbox) == 2


class TestSwitchedOff:
    @pytest.fixture
    def settings_changes(self, smtp_settings: dict[str, Any]) -> dict[str, Any]:
        return smtp_settings | {"device_letters": False}

    async def test_no_letter_is_sent(
        self, api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
    ) -> None:
        await api.login(clerk)
        await api.login(clerk)
        assert await letters(auth, mailbox) == 0


async def test_a_session_is_renamed_by_its_user_alone(api: Api, clerk: str, viewer: str) -> None:
    signed_in = (await api.login(clerk, device_name="Old")).json()
    path = f"{SESSIONS}/{signed_in['session']['id']}"
    token, stranger = signed_in["access_token"], await api.token(viewer)
    renamed = await api.call("PATCH", path, token=token, json={"name": "  Counter \u00a0 3 "})
    assert (renamed.status_code, renamed.json()["device_name"]) == (200, "Counter 3")
    assert renamed.json()["current"] is True
    listed = (await api.call("GET", SESSIONS, token=token)).json()["items"]
    assert [each["device_name"] for each in listed] == ["Counter 3"]
    refused = await api.call("PATCH", path, token=stranger, json={"name": "Mine"})
    assert refused.status_code == 404
    for name in ("", "a\nb", "x" * 101, "\u0344" * 100):
        wrong = await api.call("PATCH", path, token=token, json={"name": name})
        assert wrong.status_code == 422
    await api.logout(signed_in["refresh_token"])
    other = await api.token(clerk)
    assert (await api.call("PATCH", path, token=other, json={"name": "x"})).status_code == 404
