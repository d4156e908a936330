"""Limits shared by replicas, back-off, the end of a guessed password, and life without Redis."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from auth_service.app import create_app, load_keys, purge_failures
from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.clients.service import ClientService
from auth_service.fields import email_hash
from auth_service.limits.counting import Limit, LocalLimits, Policy, SharedLimits, Spending
from auth_service.limits.lockout import Lockout, LoginFailures
from auth_service.mail.jobs import MailWorker
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.wiring import wire
from common.assertions import AssertionMinter
from common.clock import FrozenClock
from common.composition import session_of
from common.http_client import basic_credentials
from common.redis_client import connect_redis
from testkit.auth.api import Api
from testkit.auth.mailbox import Mailbox
from testkit.auth.settings import ASSERTION_KEY, make_settings

FORGOT = "/api/v1/auth/password/forgot"
WRONG = "not the password"
SECRET = "client-secret-of-this-test-0123456789"
NEW_PASSWORD = "twelve green herons above a mill"


@pytest.fixture
def settings_changes(request: pytest.FixtureRequest, smtp_settings: dict[str, Any]) -> Any:
    """The limits that a test is parametrized with."""
    return smtp_settings | getattr(request, "param", {})


def limits(**changes: str | int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("settings_changes", [changes], indirect=True, ids=["limits"])


@pytest.fixture
async def replica(auth: AuthUnits, clock: FrozenClock) -> AsyncIterator[Api]:
    """A second process on the same Postgres and Redis."""
    other = wire(auth.get(AuthSettings), clock)
    await load_keys(other)
    transport = httpx.ASGITransport(create_app(other)[0])
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        yield Api(client, AssertionMinter("auth", ASSERTION_KEY), clock)
    await other.close()


def without_ids(response: Any) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    del body["request_id"]
    return body


@limits(limit_login_account="3/60")
async def test_sign_ins_of_one_account_are_counted_over_all_replicas(
    api: Api, replica: Api, clerk: str
) -> None:
    statuses = [(await each.login(clerk)).status_code for each in (api, replica, api)]
    assert statuses == [200, 200, 200]
    refused = await replica.login(clerk.upper())
    assert (refused.status_code, refused.json()["code"]) == (429, "quota-exceeded")
    assert refused.headers["Content-Type"] == "application/problem+json"
    seconds = int(refused.headers["Retry-After"])
    assert 1 <= seconds <= 20
    assert refused.headers["RateLimit-Policy"] == '"login-account";q=3;w=60'
    assert refused.headers["RateLimit"] == f'"login-account";r=0;t={seconds}'
    assert (await api.login("other@masijala.example")).status_code == 401


@limits(limit_login_account="3/60")
async def test_an_unknown_account_is_limited_like_a_known_one(api: Api, clerk: str) -> None:
    known = [await api.login(clerk, WRONG) for _ in range(5)]
    unknown = [await api.login("unknown@masijala.example", WRONG) for _ in range(5)]
    assert [answer.status_code for answer in known] == [401, 401, 401, 429, 429]
    assert [answer.status_code for answer in unknown] == [401, 401, 401, 429, 429]
    for one, other in zip(known, unknown, strict=True):
        assert without_ids(one) == without_ids(other)
        assert sorted(one.headers) == sorted(other.headers)


@limits(limit_login_ip="2/60")
async def test_sign_ins_from_one_address_are_counted_over_all_accounts(
    api: Api, clerk: str
) -> None:
    for number in range(2):
        assert (await api.login(f"unknown{number}@masijala.example")).status_code == 401
    refused = await api.login(clerk)
    assert (refused.status_code, refused.json()["violated-policies"]) == (429, ["login-ip"])


@limits(limit_forgot_account="2/3600", limit_forgot_ip="5/3600")
async def test_reset_mails_are_limited_for_address_and_network(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    async def forgot(email: str) -> tuple[int, Any]:
        response = await api.call("POST", FORGOT, json={"email": email})
        return response.status_code, response.json().get("violated-policies")

    for email in (clerk, "unknown@masijala.example"):
        answers = [await forgot(email) for _ in range(3)]
        assert answers == [(202, None), (202, None), (429, ["forgot-account"])]
    assert await forgot("third@masijala.example") == (202, None)
    assert await forgot("fourth@masijala.example") == (429, ["forgot-ip"])
    await auth.get(MailWorker).empty()
    assert len(mailbox.messages) == 2


@limits(limit_refresh_session="3/60")
async def test_refreshes_are_limited_per_session_and_a_refused_one_does_not_end_it(
    api: Api, clerk: str
) -> None:
    body, other = (await api.login(clerk)).json(), (await api.login(clerk)).json()
    token = body["refresh_token"]
    for _ in range(3):
        token = (await api.refresh(token)).json()["refresh_token"]
    refused = await api.refresh(token)
    assert (refused.status_code, refused.json()["code"]) == (429, "quota-exceeded")
    assert (await api.me(body["access_token"])).status_code == 200
    assert (await api.refresh(other["refresh_token"])).status_code == 200


@limits(limit_client_token="2/60")
async def test_the_token_endpoint_is_limited_for_each_client(api: Api, auth: AuthUnits) -> None:
    async with auth.begin() as unit:
        await unit.get(ClientService).ensure("core", SECRET, ("users:read",), ("auth",))

    async def ask(client_id: str, secret: str) -> int:
        response = await api.client.post(
            "/api/v1/auth/token",
            data={"grant_type": "client_credentials", "resource": "auth"},
            headers={"Authorization": basic_credentials(client_id, secret)},
        )
        return int(response.status_code)

    assert [await ask("core", SECRET) for _ in range(3)] == [200, 200, 429]


@limits(limit_client_token="5/60", limit_client_failure="3/60")
async def test_wrong_secrets_from_anywhere_do_not_stop_a_client(api: Api, auth: AuthUnits) -> None:
    async with auth.begin() as unit:
        await unit.get(ClientService).ensure("core", SECRET, ("users:read",), ("auth",))

    async def ask(secret: str) -> int:
        credentials = {"Authorization": basic_credentials("core", secret)}
        form = {"grant_type": "client_credentials", "resource": "auth"}
        path = "/api/v1/auth/token"
        return int((await api.call("POST", path, data=form, headers=credentials)).status_code)

    assert [await ask("wrong") for _ in range(5)] == [401, 401, 401, 429, 429]
    assert [await ask(SECRET) for _ in range(6)] == [200] * 5 + [429]
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.CLIENT_TOKEN)
        outcomes = [event.outcome for event in (await session.exec(statement)).all()]
    assert outcomes.count(EventOutcome.FAILURE) == 3


async def test_consecutive_failures_make_the_next_attempt_wait_longer_each_time(
    api: Api, auth: AuthUnits, clock: FrozenClock, clerk: str
) -> None:
    for email in (clerk, "unknown@masijala.example"):
        for _ in range(5):
            assert (await api.login(email, WRONG)).status_code == 401
        early = await api.login(email, WRONG)
        assert (early.status_code, early.headers["Retry-After"]) == (429, "1")
        assert early.json()["violated-policies"] == ["login-backoff"]
        clock.advance(seconds=1)
        assert (await api.login(email, WRONG)).status_code == 401
        assert (await api.login(email)).headers["Retry-After"] == "2"
    clock.advance(seconds=2)
    assert (await api.login(clerk)).status_code == 200
    for _ in range(5):
        assert (await api.login(clerk, WRONG)).status_code == 401  # counted again
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.outcome) == EventOutcome.DENIED)
        denied = (await session.exec(statement)).all()
    assert {(event.action, event.reason) for event in denied} == {(Action.LOGIN, "backing-off")}
    assert len(denied) == 4


@limits(password_max_failures=10, backoff_after_failures=100)
async def test_a_guessed_password_is_locked_until_it_is_reset(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str
) -> None:
    session = (await api.login(clerk)).json()
    for _ in range(10):
        assert (await api.login(clerk, WRONG)).status_code == 401
    right, unknown = await api.login(clerk), await api.login("unknown@masijala.example")
    assert right.status_code == 401
    assert without_ids(right) == without_ids(unknown)
    assert (await api.refresh(session["refresh_token"])).status_code == 200
    await api.call("POST", FORGOT, json={"email": clerk})
    await auth.get(MailWorker).empty()
    body = {"token": mailbox.newest_token(), "new_password": NEW_PASSWORD}
    assert (await api.call("POST", "/api/v1/auth/password/reset", json=body)).status_code == 204
    assert (await api.login(clerk, NEW_PASSWORD)).status_code == 200


async def test_guessing_the_current_password_of_a_session_is_slowed_down_too(
    api: Api, clerk: str
) -> None:
    token = await api.token(clerk)
    body = {"current_password": WRONG, "new_password": NEW_PASSWORD}
    path = "/api/v1/auth/password/change"
    answers = [await api.call("POST", path, token=token, json=body) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


async def test_simultaneous_failures_are_all_counted(auth: AuthUnits, clerk: str) -> None:
    async def fail() -> None:
        async with auth.begin() as unit:
            await unit.get(Lockout).failed(email_hash(clerk))

    await asyncio.gather(*(fail() for _ in range(20)))
    async with auth.database.transaction() as session:
        assert (await session.exec(select(LoginFailures.failures))).one() == 20


async def test_old_failures_of_unknown_addresses_are_deleted_those_of_users_are_not(
    api: Api, auth: AuthUnits, clock: FrozenClock, clerk: str
) -> None:
    await api.login(clerk, WRONG)
    await api.login("unknown@masijala.example", WRONG)
    clock.advance(hours=23)
    await purge_failures(auth)
    async with auth.database.transaction() as session:
        assert len((await session.exec(select(LoginFailures))).all()) == 2
    clock.advance(days=30)
    await purge_failures(auth)
    async with auth.begin() as unit:
        (left,) = (await session_of(unit).exec(select(LoginFailures.email_hash))).all()
        assert left == email_hash(clerk)
        status = await unit.get(Lockout).status(email_hash("unknown@masijala.example"))
    assert status.wait_seconds == 0


async def test_without_redis_users_sign_in_under_a_stricter_limit(
    database_url: str, clock: FrozenClock, clerk: str
) -> None:
    unreachable = wire(
        make_settings(
            database_url,
            "redis://127.0.0.1:1/0",
            limit_login_account_degraded="2/60",
            limit_login_ip_degraded="100/60",
        ),
        clock,
    )
    try:
        await load_keys(unreachable)
        transport = httpx.ASGITransport(create_app(unreachable)[0])
        async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
            api = Api(client, AssertionMinter("auth", ASSERTION_KEY), clock)
            answers = [await api.login(clerk) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [200, 200, 429]
            refreshed = await api.refresh(answers[0].json()["refresh_token"])
            assert refreshed.status_code == 200
    finally:
        await unreachable.close()


@pytest.mark.parametrize(("requests", "window"), [(1, 1), (3, 60), (7, 3600), (50, 1)])
async def test_redis_and_the_process_count_the_same(
    clean_redis_url: str, requests: int, window: int
) -> None:
    redis = connect_redis(clean_redis_url, 0.5, decode_responses=True)
    spending = Spending(Policy("p", Limit(requests, window)), f"{requests}-{window}")
    shared, local = SharedLimits(redis), LocalLimits(now_us=lambda: 10**12)
    passed = 0
    for _ in range(requests):
        passed += (await shared.spend([spending]) is None) + (local.spend([spending]) is None)
    assert passed == 2 * requests
    if window >= 60:
        denials = await shared.spend([spending]), local.spend([spending])
        waits = [denial.wait_us for denial in denials if denial is not None]
        assert len(waits) == 2
        assert abs(waits[0] - waits[1]) < 1_000_000
        life = await redis.pttl(spending.key)
        assert 0 < life <= window * 1000
    await redis.aclose()


async def test_in_redis_an_account_of_a_clock_that_was_set_back_begins_again(
    clean_redis_url: str,
) -> None:
    redis = connect_redis(clean_redis_url, 0.5, decode_responses=True)
    spending = Spending(Policy("p", Limit(1, 60)), "a")
    assert await SharedLimits(redis).spend([spending]) is None
    assert await SharedLimits(redis).spend([spending]) is not None
    await redis.set(spending.key, int(await redis.get(spending.key) or 0) + 3600 * 1_000_000)
    assert await SharedLimits(redis).spend([spending]) is None
    await redis.aclose()
