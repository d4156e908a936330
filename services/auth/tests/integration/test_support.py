"""What administrators see of accounts, and how they help users who cannot sign in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from auth_service.mail.jobs import MailWorker
from auth_service.mail.mailers import SmtpMailer
from auth_service.mail.settings import SmtpServer
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from devstack.servers.ports import LOOPBACK
from testkit.auth.accounts import USERS, another_admin, user_id
from testkit.auth.api import Api
from testkit.auth.emails import NEW_EMAIL, UNDO, newest_link, request_change, use
from testkit.auth.factors import STEP_SECONDS, STEP_UP, enrol, reason, sign_in
from testkit.auth.mailbox import Mailbox, text_of, token_in

RESET = "/api/v1/auth/password/reset"
NEW_PASSWORD = "twelve green herons above a mill"
SECONDS = 0.3
# The state of the mail and the reason, by what is wrong with the mail server.
REASONS = {
    "slow": ("queued", "the mail server is too slow"),
    "absent": ("queued", "the mail server cannot be reached"),
    "refuses": ("refused", "550 no such mailbox"),
}


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


async def seen(api: Api, token: str, email: str) -> dict[str, Any]:
    """A user as administrators see them; alone and in the list alike."""
    (listed,) = (await api.call("GET", f"{USERS}?q={email}", token=token)).json()["items"]
    alone = (await api.call("GET", f"{USERS}/{listed['id']}", token=token)).json()
    assert listed == alone
    return dict(alone)


async def emails(api: Api, token: str, query: str) -> list[str]:
    """The addresses of the users who match."""
    listed = (await api.call("GET", f"{USERS}?{query}", token=token)).json()["items"]
    return [each["email"] for each in listed]


async def patch(api: Api, token: str, path: str, **change: Any) -> Any:
    etag = (await api.call("GET", path, token=token)).headers["ETag"]
    headers = {"If-Match": etag}
    return await api.call("PATCH", path, token=token, json=change, headers=headers)


async def test_the_last_sign_in_and_the_failed_ones_since_are_shown(
    api: Api, token: str, clerk: str, clock: FrozenClock
) -> None:
    never = await seen(api, token, clerk)
    assert (never["last_sign_in_at"], never["failed_sign_ins"]) == (None, 0)
    await api.login(clerk, "a wrong password")
    assert (await seen(api, token, clerk))["failed_sign_ins"] == 1
    clock.advance(seconds=60)
    refresh_token = (await api.login(clerk)).json()["refresh_token"]
    at = clock.now()
    clock.advance(seconds=60)
    await api.refresh(refresh_token)
    for _ in range(2):
        await api.login(clerk, "a wrong password")
    later = await seen(api, token, clerk)
    assert later["last_sign_in_at"][:19] == at.isoformat()[:19]
    assert later["failed_sign_ins"] == 2


async def test_a_locked_password_is_shown_and_unlocked(
    api: Api, auth: AuthUnits, token: str, clerk: str, clock: FrozenClock
) -> None:
    for _ in range(100):
        await api.login(clerk, "a wrong password")
        clock.advance(seconds=300)
    token = await api.token(await another_admin(auth, "second@masijala.example"))
    locked = await seen(api, token, clerk)
    assert (locked["is_locked"], locked["failed_sign_ins"]) == (True, 100)
    assert await emails(api, token, "locked=true") == [clerk]
    assert clerk not in await emails(api, token, "locked=false")
    path = f"{USERS}/{locked['id']}"
    assert (await api.call("POST", f"{path}/unlock", token=token)).status_code == 204
    assert not (await seen(api, token, clerk))["is_locked"]
    assert await emails(api, token, "locked=true") == []
    assert (await api.login(clerk)).status_code == 200


async def test_the_state_of_an_invitation_is_shown(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str, admin: str, clock: FrozenClock
) -> None:
    email = "asha@masijala.example"
    body = {"email": email, "name": "Asha"}
    made = (await api.call("POST", USERS, token=token, json=body)).json()
    assert made["invitation"] == {"state": "none", "expires_at": None}
    await auth.get(MailWorker).empty()
    sent = (await seen(api, token, email))["invitation"]
    assert (sent["state"], sent["expires_at"] is not None) == ("open", True)
    clock.advance(hours=72)
    token = await api.token(admin)
    assert (await seen(api, token, email))["invitation"]["state"] == "none"
    await api.call("POST", f"{USERS}/{made['id']}/password-reset", token=token)
    await auth.get(MailWorker).empty()
    reset = {"token": mailbox.newest_token(), "new_password": NEW_PASSWORD}
    assert (await api.call("POST", RESET, json=reset)).status_code == 204
    assert (await seen(api, token, email))["invitation"] is None


async def test_a_change_of_the_address_is_shown_with_what_became_of_its_letter(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str, clerk: str
) -> None:
    await request_change(api, await api.token(clerk))
    mailbox.recipient_answer = "550 no such mailbox"
    await auth.get(MailWorker).empty()
    change = (await seen(api, token, clerk))["email_change"]
    assert change["email"] == NEW_EMAIL
    assert (change["mail"]["state"], change["mail"]["reason"]) == ("refused", "550 no such mailbox")


async def test_an_administrator_changes_an_address_and_both_are_notified(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str, clerk: str
) -> None:
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    changed = await patch(api, token, path, email="Asha.Kamau@MASIJALA.example")
    assert (changed.status_code, changed.json()["email"]) == (200, NEW_EMAIL)
    assert (await api.login(NEW_EMAIL)).status_code == 200
    assert (await api.login(clerk)).status_code == 401
    await auth.get(MailWorker).empty()
    letters = {str(each["To"]): text_of(each) for each in mailbox.messages}
    assert set(letters) == {clerk, NEW_EMAIL}
    assert "an administrator has given your account" in letters[NEW_EMAIL]
    assert NEW_EMAIL in letters[clerk]
    assert await use(api, UNDO, newest_link(mailbox.messages, clerk)) == (204, None)
    assert (await seen(api, token, clerk))["email"] == clerk


async def test_an_invitation_to_a_mistyped_address_goes_to_the_right_one(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str
) -> None:
    body = {"email": "ahsa@masijala.example", "name": "Asha"}
    made = (await api.call("POST", USERS, token=token, json=body)).json()
    await auth.get(MailWorker).empty()
    mistyped = mailbox.newest_token()
    assert (await patch(api, token, f"{USERS}/{made['id']}", email=NEW_EMAIL)).status_code == 200
    await auth.get(MailWorker).empty()
    reset = {"token": mistyped, "new_password": NEW_PASSWORD}
    assert reason(await api.call("POST", RESET, json=reset)) == (400, "reset-token-invalid")
    (invitation,) = [
        each
        for each in mailbox.messages
        if "invited" in str(each["Subject"]) and each["To"] == NEW_EMAIL
    ]
    reset["token"] = token_in(invitation)
    assert (await api.call("POST", RESET, json=reset)).status_code == 204


async def test_an_address_that_an_administrator_may_not_give_is_refused(
    api: Api, token: str, admin: str, clerk: str, viewer: str
) -> None:
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    own = f"{USERS}/{await user_id(api, token, admin)}"
    assert reason(await patch(api, token, path, email=viewer)) == (409, "email-taken")
    assert reason(await patch(api, token, own, email=NEW_EMAIL)) == (403, "own-account")
    malformed = await patch(api, token, path, email="no address")
    assert malformed.json()["errors"][0]["code"] == "email-invalid"
    assert (await patch(api, token, path, is_active=False)).status_code == 200
    assert reason(await patch(api, token, path, email=NEW_EMAIL)) == (409, "user-inactive")


async def test_a_stolen_session_of_an_administrator_changes_no_address(
    api: Api, auth: AuthUnits, token: str, clerk: str, clock: FrozenClock
) -> None:
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    clock.advance(seconds=901)
    stale = await patch(api, token, path, email=NEW_EMAIL)
    assert reason(stale) == (403, "reauthentication-required")
    assert (await patch(api, token, path, name="Other")).status_code == 200
    second = await another_admin(auth, "second@masijala.example")
    own = await enrol(api, await api.token(second))
    clock.advance(seconds=STEP_SECONDS)
    token = (await sign_in(api, second, own)).json()["access_token"]
    clock.advance(seconds=901)
    answer = await patch(api, token, path, email=NEW_EMAIL)
    assert reason(answer) == (403, "step-up-required")
    body = {"code": own.code(clock.now())}
    shown = (await api.call("POST", STEP_UP, token=token, json=body)).json()["access_token"]
    assert (await patch(api, shown, path, email=NEW_EMAIL)).status_code == 200


async def test_two_administrators_who_give_one_address_at_once_do_not_both_succeed(
    api: Api, auth: AuthUnits, token: str, clerk: str, viewer: str
) -> None:
    other = await api.token(await another_admin(auth, "second@masijala.example"))
    paths = [f"{USERS}/{await user_id(api, token, email)}" for email in (clerk, viewer)]
    answers = await asyncio.gather(
        patch(api, token, paths[0], email=NEW_EMAIL), patch(api, other, paths[1], email=NEW_EMAIL)
    )
    assert sorted(each.status_code for each in answers) == [200, 409]


async def answer_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A mail server that accepts connections and is silent."""
    try:
        await asyncio.sleep(60)
    finally:
        writer.close()


@asynccontextmanager
async def mail_server(auth: AuthUnits, kind: str) -> AsyncIterator[None]:
    """Let auth send to a server that is slow, or to none."""
    server = await asyncio.start_server(answer_nothing, LOOPBACK, 0)
    port = server.sockets[0].getsockname()[1]
    if kind == "absent":
        server.close()
        await server.wait_closed()
    mailer = SmtpMailer(SmtpServer(LOOPBACK, port, "none"), SECONDS)
    object.__setattr__(auth.get(MailWorker).delivery, "mailer", mailer)
    try:
        yield
    finally:
        server.close()


@pytest.mark.parametrize("kind", REASONS)
async def test_a_first_password_needs_no_mail_and_the_administrator_sees_why_none_came(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str, kind: str
) -> None:
    state, why = REASONS[kind]
    email = "asha@masijala.example"
    body = {"email": email, "name": "Asha"}
    path = f"{USERS}/{(await api.call('POST', USERS, token=token, json=body)).json()['id']}"
    if kind == "refuses":
        mailbox.recipient_answer = "550 no such mailbox"
        await auth.get(MailWorker).empty()
    else:
        async with mail_server(auth, kind):
            await auth.get(MailWorker).empty()
    shown = await seen(api, token, email)
    assert shown["mail"]["state"] == state
    assert why in shown["mail"]["reason"]
    code = (await api.call("POST", f"{path}/one-time-code", token=token)).json()["code"]
    change = await api.login(email, code)
    reset = {"token": change.json()["reset_token"], "new_password": NEW_PASSWORD}
    assert (await api.call("POST", RESET, json=reset)).status_code == 204
    assert (await api.login(email, NEW_PASSWORD)).status_code == 200
