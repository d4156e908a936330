"""Forgetting a password: one answer for every address, one use for every link."""

from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlmodel import col, select

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.mail.jobs import MailWorker
from auth_service.mail.outbox import Outbox
from auth_service.seeding import Account, Seeding
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from common.identity import Grant, Role
from testkit.auth.api import IP, PASSWORD, Api
from testkit.auth.mailbox import Mailbox, text_of

FORGOT = "/api/v1/auth/password/forgot"
RESET = "/api/v1/auth/password/reset"
NEW_PASSWORD = "twelve green herons above a mill"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings | {"password_link": "https://court.example/set#token={token}"}


async def forgot(api: Api, email: str, **options: Any) -> Any:
    return await api.call("POST", FORGOT, json={"email": email}, **options)


async def reset(api: Api, token: str, password: str = NEW_PASSWORD) -> tuple[int, str | None]:
    body = {"token": token, "new_password": password}
    response = await api.call("POST", RESET, json=body)
    return response.status_code, response.json()["code"] if response.content else None


async def mailed_token(api: Api, auth: AuthUnits, mailbox: Mailbox, email: str) -> str:
    await forgot(api, email)
    await auth.get(MailWorker).empty()
    return mailbox.newest_token()


async def events(auth: AuthUnits, action: Action) -> list[AuditEvent]:
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == action)
        return list((await session.exec(statement.order_by(col(AuditEvent.sequence)))).all())


async def test_every_address_gets_the_same_answer_and_only_accounts_get_mail(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    inactive = Account("inactive@masijala.example", "Inactive", PASSWORD, Grant(Role.VIEWER))
    await auth.get(Seeding).ensure([inactive])
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(inactive.email)
        assert user is not None
        user.is_active = False
    addresses = (clerk, "unknown@masijala.example", inactive.email, "no address at all")
    answers = [await forgot(api, address) for address in addresses]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1
    await auth.get(MailWorker).empty()
    assert [message["To"] for message in mailbox.messages] == [clerk]
    noted = [(event.outcome, event.reason) for event in await events(auth, Action.PASSWORD_FORGOT)]
    assert sorted(noted, key=str) == [
        (EventOutcome.FAILURE, "inactive"),
        (EventOutcome.FAILURE, "unknown-account"),
        (EventOutcome.FAILURE, "unknown-account"),
        (EventOutcome.SUCCESS, None),
    ]


async def test_the_job_notes_where_the_request_came_from(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    await forgot(api, clerk, headers={"X-Request-ID": "request-of-the-test"})
    await auth.get(MailWorker).empty()
    event = (await events(auth, Action.PASSWORD_FORGOT))[0]
    assert (event.ip, event.request_id) == (IP, "request-of-the-test")
    assert IP in text_of(mailbox.messages[0])


async def test_the_link_comes_from_the_configuration_whatever_host_is_named(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    await forgot(api, clerk, headers=headers)
    await auth.get(MailWorker).empty()
    text, html = text_of(mailbox.messages[0]), text_of(mailbox.messages[0], "html")
    assert f"https://court.example/set#token={mailbox.newest_token()}" in text
    assert f'href="https://court.example/set#token={mailbox.newest_token()}"' in html
    assert "evil" not in text + html


async def test_a_reset_sets_the_password_once_and_ends_every_session(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    before = [(await api.login(clerk)).json() for _ in range(2)]
    token = await mailed_token(api, auth, mailbox, clerk)
    assert await reset(api, token) == (204, None)
    assert await reset(api, token) == (400, "reset-token-invalid")
    assert (await api.login(clerk)).status_code == 401
    assert (await api.login(clerk, NEW_PASSWORD)).status_code == 200
    for session in before:
        assert await auth.publisher.store.redis.get(f"rev:sid:{session['session']['id']}") == "1"
        assert (await api.refresh(session["refresh_token"])).status_code == 401
    done = await events(auth, Action.PASSWORD_RESET)
    assert [(event.outcome, event.reason) for event in done] == [
        (EventOutcome.SUCCESS, None),
        (EventOutcome.FAILURE, "token-invalid"),
    ]
    assert done[0].actor_id == done[0].subject_id is not None
    await auth.get(MailWorker).empty()
    assert mailbox.subjects[-1].startswith("Your password was changed / ")


async def test_only_the_newest_link_works(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    old = await mailed_token(api, auth, mailbox, clerk)
    new = await mailed_token(api, auth, mailbox, clerk)
    assert await reset(api, old) == (400, "reset-token-invalid")
    assert await reset(api, new) == (204, None)


async def test_a_link_works_for_thirty_minutes(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clock: FrozenClock, clerk: str
) -> None:
    token = await mailed_token(api, auth, mailbox, clerk)
    assert "30 minutes" in text_of(mailbox.messages[-1])
    clock.advance(minutes=30)
    assert await reset(api, token) == (400, "reset-token-invalid")
    token = await mailed_token(api, auth, mailbox, clerk)
    clock.advance(minutes=29, seconds=59)
    assert await reset(api, token) == (204, None)


async def test_a_password_that_the_policy_refuses_costs_no_try(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    token = await mailed_token(api, auth, mailbox, clerk)
    for _ in range(12):
        assert await reset(api, token, "short") == (422, "validation-failed")
    assert await reset(api, token) == (204, None)


async def test_anybody_may_ask_what_the_policy_says(api: Api, clerk: str) -> None:
    async def check(**body: str) -> dict[str, Any]:
        answer = await api.call("POST", "/api/v1/auth/password/check", json=body)
        assert answer.status_code == 200
        verdict: dict[str, Any] = answer.json()
        return verdict

    assert await check(password=NEW_PASSWORD) == {
        "acceptable": True,
        "code": None,
        "message": None,
    }
    assert (await check(password="short"))["code"] == "password-too-short"
    personal = {"password": clerk, "email": clerk}
    assert (await check(**personal))["code"] == "password-personal"
    assert (await check(password="Asha Kamau-Njoroge", name="asha kamau-njoroge"))["code"] == (
        "password-personal"
    )


async def test_guesses_at_a_known_link_count_as_attempts(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    token = await mailed_token(api, auth, mailbox, clerk)
    guess = token[:-1] + ("A" if token[-1] != "A" else "B")
    for _ in range(5):
        assert await reset(api, guess) == (400, "reset-token-invalid")
    assert await reset(api, token) == (400, "reset-token-invalid")


@pytest.mark.parametrize("token", ["x", "A" * 64, "ä" * 64, "A" * 512, "=" * 64])
async def test_a_malformed_token_gets_the_same_refusal(api: Api, token: str) -> None:
    assert await reset(api, token) == (400, "reset-token-invalid")


async def test_a_changed_password_invalidates_the_link(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    token = await mailed_token(api, auth, mailbox, clerk)
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    path = "/api/v1/auth/password/change"
    changed = await api.call("POST", path, token=await api.token(clerk), json=body)
    assert changed.status_code == 204
    assert await reset(api, token) == (400, "reset-token-invalid")


async def test_a_dump_never_contains_a_token_or_link(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str, database_url: str
) -> None:
    await api.login(clerk)
    await forgot(api, clerk)
    queued = dump(database_url) + await redis_dump(auth)
    assert clerk in queued  # the dump has the job
    await auth.get(MailWorker).empty()
    token = mailbox.newest_token()
    waiting = dump(database_url) + await redis_dump(auth)
    await reset(api, token, "short")
    await reset(api, token)
    used = dump(database_url) + await redis_dump(auth)
    assert "rev:sid" in used  # the dump has Redis
    for text in (queued, waiting, used):
        assert NEW_PASSWORD not in text
        assert token not in text
        assert token[22:] not in text  # the secret half
        assert "court.example/set" not in text


async def test_a_forgotten_password_queues_the_mail_in_the_transaction_of_the_request(
    auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    async def queue_and_fail() -> None:
        async with auth.begin() as unit:
            await unit.get(Outbox).forgot(clerk)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await queue_and_fail()
    await auth.get(MailWorker).empty()
    assert mailbox.messages == []


async def redis_dump(auth: AuthUnits) -> str:
    keys = await auth.publisher.store.redis.keys("*")
    return "\n".join(str(text) for text in [*keys, *(await auth.publisher.store.redis.mget(keys))])


def dump(url: str) -> str:
    """Every row of every table, the jobs' as well."""
    rows: list[str] = []
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in names.fetchall():
            query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))
            rows.extend(row for (row,) in connection.execute(query))
    return "\n".join(rows)
