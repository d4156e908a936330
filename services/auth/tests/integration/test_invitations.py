"""Inviting users: by mail, once, and with one answer for one key."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.mail.jobs import MailWorker
from auth_service.mail.letters import SUBJECTS, LetterKind
from auth_service.units import AuthUnits
from testkit.auth.accounts import USERS, another_admin
from testkit.auth.api import PASSWORD, Api
from testkit.auth.mailbox import Mailbox, text_of

NEW = {"email": "Asha@Masijala.example", "name": "Asha Kamau"}
COURT = str(uuid4())


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


async def events(auth: AuthUnits, action: Action) -> list[AuditEvent]:
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == action)
        return list((await session.exec(statement.order_by(col(AuditEvent.sequence)))).all())


async def test_an_invited_user_sets_a_password_by_the_mail_and_signs_in(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str
) -> None:
    body = NEW | {"grants": [{"role": "data_entry", "courts": [COURT]}]}
    invited = await api.call("POST", USERS, token=token, json=body)
    assert invited.status_code == 201
    user = invited.json()
    assert invited.headers["Location"] == f"{USERS}/{user['id']}"
    assert invited.headers["ETag"] == '"1"'
    assert (user["email"], user["has_password"]) == ("asha@masijala.example", False)
    assert user["grants"][0]["courts"] == [COURT]
    assert (await api.login(NEW["email"])).status_code == 401
    await auth.get(MailWorker).empty()
    assert mailbox.subjects == [SUBJECTS[LetterKind.INVITATION]]
    assert "72 hours" in text_of(mailbox.messages[0])
    reset = {"token": mailbox.newest_token(), "new_password": PASSWORD}
    answer = await api.call("POST", "/api/v1/auth/password/reset", json=reset)
    assert answer.status_code == 204
    signed_in = (await api.login(NEW["email"])).json()
    assert signed_in["user"]["grants"] == [{"role": "data_entry", "courts": [COURT]}]
    assert [event.outcome for event in await events(auth, Action.INVITATION)] == [
        EventOutcome.SUCCESS
    ]


async def test_an_address_is_invited_once(api: Api, token: str, clerk: str) -> None:
    taken = await api.call("POST", USERS, token=token, json={"email": clerk, "name": "Again"})
    assert (taken.status_code, taken.json()["code"]) == (409, "email-taken")


async def test_inviting_twice_with_one_key_invites_once(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str
) -> None:
    options: dict[str, Any] = {"token": token, "json": NEW, "headers": {"Idempotency-Key": "k-1"}}
    first = await api.call("POST", USERS, **options)
    again = await api.call("POST", USERS, **options)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await api.call("POST", USERS, **(options | {"json": NEW | {"name": "Other"}}))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    await auth.get(MailWorker).empty()
    assert len(mailbox.messages) == 1


async def test_a_former_administrator_gets_no_stored_answer(
    api: Api, auth: AuthUnits, token: str
) -> None:
    options: dict[str, Any] = {"json": NEW, "headers": {"Idempotency-Key": "k-1"}}
    await api.call("POST", USERS, token=token, **options)
    other = await api.token(await another_admin(auth, "second@masijala.example"))
    me = (await api.me(token)).json()
    (grant,) = (await api.call("GET", f"{USERS}/{me['id']}/grants", token=other)).json()["items"]
    await api.call("DELETE", f"{USERS}/{me['id']}/grants/{grant['id']}", token=other)
    again = await api.call("POST", USERS, token=token, **options)
    assert (again.status_code, again.json()["code"]) == (403, "permission-denied")


async def test_a_stored_answer_of_an_older_version_is_given_after_a_trial_that_is_rolled_back(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str
) -> None:
    options: dict[str, Any] = {"token": token, "json": NEW, "headers": {"Idempotency-Key": "k-1"}}
    first = await api.call("POST", USERS, **options)
    forget = text("UPDATE idempotency_keys SET held = NULL")
    rename = text("UPDATE users SET email = 'other@court.example' WHERE email = :email")
    async with auth.database.transaction() as session:
        connection = await session.connection()
        await connection.execute(forget)
        await connection.execute(rename, {"email": NEW["email"].lower()})
    again = await api.call("POST", USERS, **options)
    assert (again.status_code, again.json()) == (201, first.json())
    assert (await api.call("GET", f"{USERS}?q={NEW['email']}", token=token)).json()["items"] == []
    await auth.get(MailWorker).empty()
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"email": "no address"},
        {"email": ""},
        {"name": " "},
        {"name": "two\nlines"},
        {"grants": [{"role": "king", "courts": "*"}]},
        {"grants": [{"role": "viewer", "courts": []}]},
        {"grants": [{"role": "viewer", "courts": "*", "expires_at": "2020-01-01T00:00:00Z"}]},
        {"password": "x"},
    ],
)
async def test_a_malformed_invitation_is_refused_by_field(
    api: Api, token: str, change: dict[str, Any]
) -> None:
    refused = await api.call("POST", USERS, token=token, json=NEW | change)
    assert (refused.status_code, refused.json()["code"]) == (422, "validation-failed")
    assert refused.json()["errors"]
