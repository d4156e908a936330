"""Changing an address: confirmed from the new one, notified to the old one."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.limits.counting import Policy
from auth_service.limits.service import Limits
from auth_service.limits.settings import LimitSettings
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.accounts import user_id
from testkit.auth.api import PASSWORD, Api
from testkit.auth.emails import (
    CONFIRM,
    NEW_EMAIL,
    UNDO,
    Letters,
    changed,
    request_change,
    use,
)
from testkit.auth.factors import (
    STEP_SECONDS,
    STEP_UP,
    App,
    challenge,
    reason,
    sign_in,
)
from testkit.auth.mailbox import Mailbox, text_of

FORGOT = "/api/v1/auth/password/forgot"
RESET = "/api/v1/auth/password/reset"
INVALID = (400, "email-link-invalid")
NEW_PASSWORD = "twelve green herons above a mill"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


@pytest.fixture
def letters(auth: AuthUnits, mailbox: Mailbox) -> Letters:
    return Letters(auth, mailbox)


async def events(auth: AuthUnits, *actions: Action) -> list[tuple[str, str, str | None]]:
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action).in_(actions))
        rows: Sequence[AuditEvent] = (
            await session.exec(statement.order_by(col(AuditEvent.sequence)))
        ).all()
        return [(row.action, row.outcome, row.reason) for row in rows]


async def test_an_address_changes_once_the_new_one_has_confirmed_it(
    api: Api, auth: AuthUnits, clerk: str, letters: Letters
) -> None:
    token = await api.token(clerk)
    answer = await request_change(
        api, token, " Asha.Kamau@Masijala.Example", current_password=PASSWORD
    )
    assert answer.status_code == 202
    confirm = await letters.link(NEW_EMAIL)
    assert (await api.login(clerk)).status_code == 200, "nothing has changed so far"
    assert (await api.login(NEW_EMAIL)).status_code == 401
    assert await use(api, CONFIRM, confirm) == (204, None)
    assert (await api.login(NEW_EMAIL)).status_code == 200
    assert (await api.login(clerk)).status_code == 401
    assert (await api.me(token)).json()["email"] == NEW_EMAIL, "sessions go on"
    assert await use(api, CONFIRM, confirm) == INVALID
    await letters.link(clerk)
    subjects = [subject.partition(" / ")[0] for subject in letters.to(clerk)]
    assert subjects == ["Change of e-mail address", "E-mail address changed"]
    assert await events(auth, Action.EMAIL_CHANGE_REQUEST, Action.EMAIL_CHANGE) == [
        ("email-change-request", EventOutcome.SUCCESS, None),
        ("email-change", EventOutcome.SUCCESS, None),
        ("email-change", EventOutcome.FAILURE, "token-invalid"),
    ]


@pytest.mark.parametrize("by_link", [True, False])
async def test_a_new_password_ends_a_change_that_waits_for_its_confirmation(
    api: Api, clerk: str, clock: FrozenClock, letters: Letters, *, by_link: bool
) -> None:
    """The change may have been asked for in a stolen session."""
    token = await api.token(clerk)
    await request_change(api, token, current_password=PASSWORD)
    confirm = await letters.link(NEW_EMAIL)
    clock.advance(seconds=1)
    if by_link:
        await api.call("POST", FORGOT, json={"email": clerk})
        body = {"token": await letters.link(clerk), "new_password": NEW_PASSWORD}
        assert (await api.call("POST", RESET, json=body)).status_code == 204
    else:
        change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        path = "/api/v1/auth/password/change"
        assert (await api.call("POST", path, token=token, json=change)).status_code == 204
    assert await use(api, CONFIRM, confirm) == INVALID
    assert (await api.login(clerk, NEW_PASSWORD)).status_code == 200


async def test_the_letter_to_the_new_address_does_not_name_the_old_one(
    api: Api, clerk: str, letters: Letters, mailbox: Mailbox
) -> None:
    await request_change(api, await api.token(clerk))
    await letters.link(NEW_EMAIL)
    (letter,) = [each for each in mailbox.messages if each["To"] == NEW_EMAIL]
    assert clerk not in text_of(letter) + text_of(letter, "html")


async def test_an_address_has_one_form_and_mail_goes_to_a_labels(
    api: Api, clerk: str, letters: Letters
) -> None:
    labels = "clerk@xn--zrich-kva.example"
    await request_change(api, await api.token(clerk), "clerk@z\u00fcrich.example")
    assert await use(api, CONFIRM, await letters.link(labels)) == (204, None)
    assert (await api.login(labels)).json()["user"]["email"] == "clerk@z\u00fcrich.example"


@pytest.mark.parametrize(
    ("email", "code"),
    [("no address", "email-invalid"), ("a@court.local", "email-invalid"), (None, "email-same")],
)
async def test_an_address_that_cannot_be_stored_is_refused_by_field(
    api: Api, clerk: str, email: str | None, code: str
) -> None:
    refused = await request_change(api, await api.token(clerk), email or clerk.upper())
    fault = refused.json()["errors"][0]
    assert (refused.status_code, fault["field"], fault["code"]) == (422, "email", code)


async def test_the_answers_do_not_tell_whether_an_account_has_the_address(
    api: Api, auth: AuthUnits, clerk: str, viewer: str, letters: Letters
) -> None:
    token = await api.token(clerk)
    free, taken = [await request_change(api, token, each) for each in (NEW_EMAIL, viewer)]
    assert (free.status_code, free.content) == (taken.status_code, taken.content)
    assert sorted(free.headers) == sorted(taken.headers)
    assert await use(api, CONFIRM, await letters.link(viewer)) == (409, "email-taken")
    assert (await api.login(viewer)).json()["user"]["name"] == "Demo Viewer"
    assert ("email-change", "failure", "email-taken") in await events(auth, Action.EMAIL_CHANGE)


async def test_the_password_or_a_recent_sign_in_is_required(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    token = await api.token(clerk)
    clock.advance(seconds=901)
    assert reason(await request_change(api, token)) == (403, "reauthentication-required")
    wrong = await request_change(api, token, current_password="a wrong one")
    assert wrong.json()["errors"][0]["code"] == "password-wrong"
    right = await request_change(api, token, current_password=PASSWORD)
    assert right.status_code == 202


async def test_a_wrong_password_does_not_pass_by_a_recent_sign_in_and_guesses_are_slowed(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    token = await api.token(clerk)
    guesses = [await request_change(api, token, current_password="a wrong one") for _ in range(7)]
    assert [each.status_code for each in guesses] == [422] * 5 + [429] * 2
    failed = await events(auth, Action.EMAIL_CHANGE_REQUEST)
    assert set(failed) == {("email-change-request", "failure", "wrong-password")}


async def test_a_user_with_a_second_factor_has_to_show_it(
    api: Api, clerk: str, app: App, clock: FrozenClock
) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    clock.advance(seconds=901)
    answer = await request_change(api, token, current_password=PASSWORD)
    assert reason(answer) == (403, "step-up-required")
    body = {"code": app.code(clock.now())}
    shown = (await api.call("POST", STEP_UP, token=token, json=body)).json()["access_token"]
    assert (await request_change(api, shown)).status_code == 202


async def test_a_second_factor_stays_when_the_address_changes(
    api: Api, clerk: str, app: App, clock: FrozenClock, letters: Letters
) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    await request_change(api, token)
    undo = await letters.link(clerk)
    assert await use(api, CONFIRM, await letters.link(NEW_EMAIL)) == (204, None)
    assert reason(await api.login(NEW_EMAIL)) == (401, "factor-required")
    waiting = await challenge(api, NEW_EMAIL)
    assert await use(api, UNDO, undo) == (204, None)
    clock.advance(seconds=STEP_SECONDS)
    body = {"challenge_token": waiting, "code": app.code(clock.now())}
    answer = await api.call("POST", "/api/v1/auth/login/factor", json=body)
    assert reason(answer) == (401, "challenge-invalid")
    reset = {"token": await letters.link(clerk), "new_password": NEW_PASSWORD}
    assert (await api.call("POST", RESET, json=reset)).status_code == 204
    assert reason(await api.login(clerk, NEW_PASSWORD)) == (401, "factor-required")


async def test_links_of_the_old_address_end_with_it(api: Api, clerk: str, letters: Letters) -> None:
    await api.call("POST", FORGOT, json={"email": clerk})
    mailed = await letters.link(clerk)
    await changed(api, letters, clerk)
    answer = await api.call("POST", RESET, json={"token": mailed, "new_password": NEW_PASSWORD})
    assert reason(answer) == (400, "reset-token-invalid")


async def test_only_the_newest_link_confirms_within_a_day_and_five_tries(
    api: Api, clerk: str, clock: FrozenClock, letters: Letters
) -> None:
    token = await api.token(clerk)
    await request_change(api, token)
    first = await letters.link(NEW_EMAIL)
    await request_change(api, token, "other@masijala.example")
    second = await letters.link("other@masijala.example")
    assert await use(api, CONFIRM, first) == INVALID
    for _ in range(5):
        assert await use(api, CONFIRM, second[:-4] + "AAAA") == INVALID
    assert await use(api, CONFIRM, second) == INVALID, "guessed too often"
    await request_change(api, token)
    late = await letters.link(NEW_EMAIL)
    clock.advance(hours=24)
    assert await use(api, CONFIRM, late) == INVALID


async def test_links_do_only_what_they_are_for(api: Api, clerk: str, letters: Letters) -> None:
    await request_change(api, await api.token(clerk))
    undo, confirm = await letters.link(clerk), await letters.link(NEW_EMAIL)
    for path, link in ((CONFIRM, undo), (UNDO, confirm)):
        assert await use(api, path, link) == INVALID
    for link in (undo, confirm):
        answer = await api.call("POST", RESET, json={"token": link, "new_password": NEW_PASSWORD})
        assert reason(answer) == (400, "reset-token-invalid")
    for malformed in ("x", "a" * 64, "\u00e9"):
        assert await use(api, CONFIRM, malformed) == INVALID


async def test_a_user_may_ask_for_five_changes_an_hour(
    api: Api, auth: AuthUnits, clerk: str, viewer: str
) -> None:
    policies = auth.get(Limits).policies
    by_default = LimitSettings.model_fields["limit_email_change"].default
    object.__setattr__(policies, "email_change", Policy("email-change", by_default))
    token = await api.token(clerk)
    answers = [await request_change(api, token) for _ in range(6)]
    assert [each.status_code for each in answers] == [202] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert (await request_change(api, await api.token(viewer))).status_code == 202


@pytest.mark.parametrize("_round", range(3))
async def test_of_two_users_who_confirm_one_address_at_once_one_gets_it(
    api: Api, clerk: str, viewer: str, letters: Letters, _round: int
) -> None:
    links = []
    for email in (clerk, viewer):
        await request_change(api, await api.token(email))
        links.append(await letters.link(NEW_EMAIL))
    answers = await asyncio.gather(*(use(api, CONFIRM, link) for link in links))
    assert sorted(answers, key=str) == [(204, None), (409, "email-taken")]
    assert (await api.login(NEW_EMAIL)).status_code == 200


async def test_a_link_that_is_used_several_times_at_once_works_once(
    api: Api, clerk: str, letters: Letters
) -> None:
    await request_change(api, await api.token(clerk))
    undo, confirm = await letters.link(clerk), await letters.link(NEW_EMAIL)
    answers = await asyncio.gather(*(use(api, CONFIRM, confirm) for _ in range(4)))
    assert sorted(answers, key=str) == [(204, None)] + [INVALID] * 3
    answers = await asyncio.gather(*(use(api, UNDO, undo) for _ in range(4)))
    assert sorted(answers, key=str) == [(204, None)] + [INVALID] * 3


async def test_a_deactivated_user_has_no_link_that_works(
    api: Api, admin: str, clerk: str, letters: Letters
) -> None:
    await request_change(api, await api.token(clerk))
    links = {CONFIRM: await letters.link(NEW_EMAIL), UNDO: await letters.link(clerk)}
    token = await api.token(admin)
    path = f"/api/v1/users/{await user_id(api, token, clerk)}"
    version = {"If-Match": (await api.call("GET", path, token=token)).headers["ETag"]}
    off = await api.call("PATCH", path, token=token, json={"is_active": False}, headers=version)
    assert off.status_code == 200
    for where, link in links.items():
        assert await use(api, where, link) == INVALID
