"""Mail: through a real SMTP server, or into files; tried again, never sent twice for nothing."""

import asyncio
import logging
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import psycopg
import pytest

from auth_service.mail.jobs import MAX_ATTEMPTS, MailWorker
from auth_service.mail.letters import SUBJECTS, LetterKind
from auth_service.mail.mailers import FileMailer
from auth_service.seeding import Account, Seeding
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.users.password_tokens import MAX_INVITATIONS
from auth_service.wiring import wire
from common.clock import FrozenClock
from common.identity import Grant, Role
from testkit.auth.api import PASSWORD, Api
from testkit.auth.mailbox import Mailbox, text_of, token_in

FORGOT = "/api/v1/auth/password/forgot"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


async def forgot(api: Api, email: str) -> None:
    assert (await api.call("POST", FORGOT, json={"email": email})).status_code == 202


def jobs(url: str) -> list[tuple[str, int]]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT status::text, attempts FROM procrastinate_jobs")
        return [(str(status), int(attempts)) for status, attempts in rows]


@asynccontextmanager
async def working(*wirings: AuthUnits) -> AsyncIterator[None]:
    """The workers of these processes, for as long as the block lasts."""
    tasks = [asyncio.create_task(auth.get(MailWorker).run()) for auth in wirings]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def arrived(mailbox: Mailbox, count: int) -> None:
    async with asyncio.timeout(20):
        while len(mailbox.messages) < count:  # noqa: ASYNC110 - the server runs in a thread
            await asyncio.sleep(0.02)


async def test_a_message_has_text_and_html_and_suppresses_automatic_replies(
    api: Api, auth: AuthUnits, mailbox: Mailbox
) -> None:
    name = "<b>Asha</b> & Co"
    account = Account("asha@masijala.example", name, PASSWORD, Grant(Role.VIEWER))
    await auth.get(Seeding).ensure([account])
    await forgot(api, account.email)
    await auth.get(MailWorker).empty()
    message = mailbox.messages[0]
    assert message["From"] == "Masijala <no-reply@masijala.example>"
    assert message["To"] == account.email
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"]
    assert f"Hello {name}," in text_of(message)
    assert "Hello &lt;b&gt;Asha&lt;/b&gt; &amp; Co," in text_of(message, "html")


async def test_delivery_to_an_unavailable_mail_server_is_retried(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str, database_url: str
) -> None:
    mailbox.answer = "451 try again later"
    await forgot(api, clerk)
    await auth.get(MailWorker).empty()
    assert (mailbox.messages, jobs(database_url)) == ([], [("todo", 1)])
    mailbox.answer = "250 OK"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    await auth.get(MailWorker).empty()
    assert (len(mailbox.messages), jobs(database_url)) == (1, [])
    body = {"token": mailbox.newest_token(), "new_password": "twelve green herons above a mill"}
    reset = await api.call("POST", "/api/v1/auth/password/reset", json=body)
    assert reset.status_code == 204


async def test_an_address_that_is_refused_for_good_is_given_up(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str, database_url: str
) -> None:
    mailbox.recipient_answer = "550 no such mailbox"
    await forgot(api, clerk)
    await auth.get(MailWorker).empty()
    assert (mailbox.messages, jobs(database_url)) == ([], [])


async def mail_of(api: Api, admin: str, email: str) -> tuple[str, str | None] | None:
    """The state of a user's mail, as an administrator sees it."""
    found = await api.call("GET", f"/api/v1/users?q={email}", token=await api.token(admin))
    mail = found.json()["items"][0]["mail"]
    return (mail["state"], mail["reason"]) if mail is not None else None


async def test_an_administrator_sees_what_has_become_of_an_invitation(
    api: Api, auth: AuthUnits, mailbox: Mailbox, admin: str, database_url: str
) -> None:
    email, token = "asha@masijala.example", await api.token(admin)
    assert await mail_of(api, admin, admin) is None
    body = {"email": email, "name": "Asha"}
    invited = (await api.call("POST", "/api/v1/users", token=token, json=body)).json()
    assert (invited["mail"]["state"], invited["version"]) == ("queued", 1)
    mailbox.answer = "451 try again later"
    await auth.get(MailWorker).empty()
    assert await mail_of(api, admin, email) == ("queued", "SMTPDataError")
    mailbox.answer = "554 we take nothing from you"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    await auth.get(MailWorker).empty()
    assert await mail_of(api, admin, email) == ("refused", "554 we take nothing from you")
    mailbox.answer, mailbox.recipient_answer = "250 OK", "550 no such mailbox"
    path = f"/api/v1/users/{invited['id']}"
    assert (await api.call("POST", f"{path}/password-reset", token=token)).status_code == 202
    assert await mail_of(api, admin, email) == ("queued", None)
    await auth.get(MailWorker).empty()
    assert await mail_of(api, admin, email) == ("refused", "550 no such mailbox")
    mailbox.recipient_answer = "250 OK"
    await api.call("POST", f"{path}/password-reset", token=token)
    await auth.get(MailWorker).empty()
    assert await mail_of(api, admin, email) == ("sent", None)
    events = await api.call("GET", "/api/v1/audit-events?action=mail", token=token)
    assert [(event["outcome"], event["details"]) for event in events.json()["items"]] == [
        ("success", {"letter": "invitation"}),
        ("failure", {"letter": "invitation", "reason": "550 no such mailbox"}),
        ("failure", {"letter": "invitation", "reason": "554 we take nothing from you"}),
    ]


async def test_a_letter_that_is_given_up_says_so(
    api: Api, auth: AuthUnits, mailbox: Mailbox, admin: str, clerk: str, database_url: str
) -> None:
    mailbox.answer = "451 try again later"
    await forgot(api, clerk)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_jobs SET attempts = %s", [MAX_ATTEMPTS])
    await auth.get(MailWorker).empty()
    assert [status for status, _ in jobs(database_url)] == ["failed"]
    assert await mail_of(api, admin, clerk) == ("refused", "given up: SMTPDataError")


async def test_who_is_invited_and_forgets_gets_the_invitation_again(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clock: FrozenClock, admin: str
) -> None:
    email = "asha@masijala.example"
    body = {"email": email, "name": "Asha"}
    await api.call("POST", "/api/v1/users", token=await api.token(admin), json=body)
    await auth.get(MailWorker).empty()
    await forgot(api, email)
    await auth.get(MailWorker).empty()
    assert mailbox.subjects == [SUBJECTS[LetterKind.INVITATION]] * 2
    first, second = (token_in(message) for message in mailbox.messages)
    clock.advance(hours=71)
    body = {"token": first, "new_password": "twelve green herons above a mill"}
    assert (await api.call("POST", "/api/v1/auth/password/reset", json=body)).status_code == 204
    used_up = {"token": second, "new_password": "twelve green herons above a mill"}
    assert (await api.call("POST", "/api/v1/auth/password/reset", json=used_up)).status_code == 400


async def test_many_invitations_leave_only_the_newest_few(
    api: Api, auth: AuthUnits, mailbox: Mailbox, admin: str
) -> None:
    email = "asha@masijala.example"
    body = {"email": email, "name": "Asha"}
    await api.call("POST", "/api/v1/users", token=await api.token(admin), json=body)
    for _ in range(MAX_INVITATIONS):
        await forgot(api, email)
    await auth.get(MailWorker).empty()
    body = {"token": token_in(mailbox.messages[0]), "new_password": "twelve green herons"}
    assert (await api.call("POST", "/api/v1/auth/password/reset", json=body)).status_code == 400


async def test_nothing_that_a_stranger_wrote_is_in_a_letter(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0 call +254700000000"
    body = {"email": clerk}
    await api.call("POST", FORGOT, json=body, headers={"User-Agent": agent})
    await auth.get(MailWorker).empty()
    text = text_of(mailbox.messages[0]) + text_of(mailbox.messages[0], "html")
    assert "Program: Firefox on Windows" in text
    assert "+254" not in text
    assert "Mozilla" not in text


async def test_the_worker_of_the_running_service_sends_what_is_queued_later(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    async with working(auth):
        for _ in range(3):
            await forgot(api, clerk)
        await arrived(mailbox, 3)


async def test_two_replicas_send_each_mail_once(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clock: FrozenClock, clerk: str, database_url: str
) -> None:
    replica = wire(auth.get(AuthSettings), clock)
    try:
        for _ in range(12):
            await forgot(api, clerk)
        async with working(auth, replica):
            await arrived(mailbox, 12)
    finally:
        await replica.close()
    assert len({token_in(message) for message in mailbox.messages}) == len(mailbox.messages) == 12
    assert jobs(database_url) == []


async def test_the_user_is_notified_once_of_a_reused_refresh_token(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clock: FrozenClock, clerk: str
) -> None:
    first = (await api.login(clerk, device_name="Counter 3")).json()
    second = (await api.refresh(first["refresh_token"])).json()
    clock.advance(seconds=11)
    for _ in range(2):
        reused = await api.refresh(first["refresh_token"])
        assert reused.status_code == 401
    assert (await api.refresh(second["refresh_token"])).status_code == 401
    await auth.get(MailWorker).empty()
    assert mailbox.subjects == [SUBJECTS[LetterKind.SESSION_REUSED]]
    assert "Counter 3" not in mailbox.messages[0].as_string(), "a stranger may have signed in"


async def test_the_user_is_notified_of_a_changed_password(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    body = {"current_password": PASSWORD, "new_password": "twelve green herons above a mill"}
    path = "/api/v1/auth/password/change"
    await api.call("POST", path, token=await api.token(clerk), json=body)
    await auth.get(MailWorker).empty()
    assert mailbox.subjects == [SUBJECTS[LetterKind.PASSWORD_CHANGED]]
    assert body["new_password"] not in mailbox.messages[0].as_string()


async def test_without_a_mail_server_messages_are_files_and_the_log_has_their_paths(
    api: Api,
    auth: AuthUnits,
    clerk: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = tmp_path / "mail"
    object.__setattr__(auth.get(MailWorker).delivery, "mailer", FileMailer(folder))
    with caplog.at_level(logging.INFO):
        await forgot(api, clerk)
        await auth.get(MailWorker).empty()
    (path,) = folder.iterdir()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == clerk
    assert (path.suffix, stat.S_IMODE(path.stat().st_mode)) == (".eml", 0o600)
    assert str(path) in caplog.text
    assert "#token=" not in caplog.text
    assert token_in(message) not in caplog.text
