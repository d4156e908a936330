"""Accounts that are not used are warned, deactivated and, after retention, anonymised."""

from typing import Any

import pytest

from auth_service.administration.dormancy import Dormancy
from auth_service.mail.jobs import MailWorker
from auth_service.mail.letters import SUBJECTS, LetterKind
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from testkit.auth.accounts import USERS, another_admin, user_id
from testkit.auth.api import Api
from testkit.auth.mailbox import Mailbox, text_of

SUBJECT = SUBJECTS[LetterKind.DORMANT]


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    days = {"dormant_days": 60, "dormant_warning_days": 10, "anonymise_days": 30}
    return smtp_settings | days | {"session_idle_days": 365, "session_absolute_days": 365}


async def pass_days(auth: AuthUnits, clock: FrozenClock, days: int) -> None:
    """Let days pass, each with its job."""
    for _ in range(days):
        clock.advance(days=1)
        await auth.get(Dormancy).run()


async def read(api: Api, admin: str, email: str) -> dict[str, Any]:
    """The account as an administrator sees it now."""
    token = await api.token(admin)
    answer = await api.call("GET", f"{USERS}/{await user_id(api, token, email)}", token=token)
    found: dict[str, Any] = answer.json()
    return found


async def test_a_dormant_account_is_warned_and_then_deactivated(
    api: Api, auth: AuthUnits, clock: FrozenClock, mailbox: Mailbox, clerk: str, admin: str
) -> None:
    signed_in = (await api.login(clerk)).json()
    await api.login(admin)
    await pass_days(auth, clock, 49)
    assert (await read(api, admin, clerk))["dormant_at"] is None
    await pass_days(auth, clock, 1)
    await auth.get(MailWorker).empty()
    assert mailbox.subjects == [SUBJECT]
    warned = await read(api, admin, clerk)
    assert warned["is_active"]
    year, month, day = warned["dormant_at"][:10].split("-")
    time = warned["dormant_at"][11:16]
    assert f"{day}/{month}/{year}, {time} UTC" in text_of(mailbox.messages[0])
    await pass_days(auth, clock, 9)
    assert (await read(api, admin, clerk))["is_active"]
    await pass_days(auth, clock, 1)
    assert not (await read(api, admin, clerk))["is_active"]
    assert (await api.refresh(signed_in["refresh_token"])).status_code == 401
    await auth.get(MailWorker).empty()
    assert mailbox.subjects == [SUBJECT], "one letter is enough"


async def test_signing_in_or_refreshing_keeps_an_account(
    api: Api, auth: AuthUnits, clock: FrozenClock, mailbox: Mailbox, clerk: str, admin: str
) -> None:
    signed_in = (await api.login(clerk)).json()
    await api.login(admin)
    await pass_days(auth, clock, 55)
    assert (await read(api, admin, clerk))["dormant_at"] is not None
    refreshed = await api.refresh(signed_in["refresh_token"])
    assert refreshed.status_code == 200
    await pass_days(auth, clock, 40)
    found = await read(api, admin, clerk)
    assert (found["is_active"], found["dormant_at"]) == (True, None)
    assert mailbox is not None


async def active(auth: AuthUnits, *emails: str) -> list[bool]:
    async with auth.begin() as unit:
        found = [await unit.get(UserService).by_email(email) for email in emails]
    return [user is not None and user.is_active for user in found]


async def test_the_last_administrator_is_neither_warned_nor_deactivated(
    auth: AuthUnits, clock: FrozenClock, mailbox: Mailbox, admin: str, viewer: str
) -> None:
    second = await another_admin(auth, "second@masijala.example")
    await pass_days(auth, clock, 65)
    assert sorted(await active(auth, admin, second)) == [False, True]
    assert await active(auth, viewer) == [False]
    await pass_days(auth, clock, 60)
    assert sorted(await active(auth, admin, second)) == [False, True]
    assert mailbox is not None


async def test_who_is_activated_again_has_all_the_time_again(
    api: Api, auth: AuthUnits, clock: FrozenClock, mailbox: Mailbox, clerk: str, admin: str
) -> None:
    await pass_days(auth, clock, 60)
    off = await read(api, admin, clerk)
    assert not off["is_active"]
    token, path = await api.token(admin), f"{USERS}/{off['id']}"
    headers = {"If-Match": f'"{off["version"]}"'}
    body = {"is_active": True}
    on = await api.call("PATCH", path, token=token, json=body, headers=headers)
    assert on.json()["is_active"]
    await pass_days(auth, clock, 45)
    assert (await read(api, admin, clerk))["dormant_at"] is None
    assert (await api.login(clerk)).status_code == 200
    assert mailbox is not None


async def test_a_deactivated_account_is_anonymised_after_retention(
    api: Api, auth: AuthUnits, clock: FrozenClock, mailbox: Mailbox, clerk: str, admin: str
) -> None:
    await pass_days(auth, clock, 60)
    before = await read(api, admin, clerk)
    await pass_days(auth, clock, 29)
    assert (await read(api, admin, clerk))["name"] == "Demo Clerk"
    await pass_days(auth, clock, 1)
    token = await api.token(admin)
    after = (await api.call("GET", f"{USERS}/{before['id']}", token=token)).json()
    assert (after["id"], after["name"]) == (before["id"], "Former user")
    assert after["anonymised_at"] is not None
    assert mailbox is not None


class TestByDefault:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {}

    async def test_nothing_happens_to_an_account(
        self, auth: AuthUnits, clock: FrozenClock, clerk: str, viewer: str
    ) -> None:
        async with auth.begin() as unit:
            user = await unit.get(UserService).by_email(viewer)
            assert user is not None
            unit.get(UserService).set_active(user, active=False)
        clock.advance(days=5000)
        await auth.get(Dormancy).run()
        async with auth.begin() as unit:
            off = await unit.get(UserService).by_email(viewer)
        assert off is not None
        assert off.anonymised_at is None
        assert await active(auth, clerk) == [True]
