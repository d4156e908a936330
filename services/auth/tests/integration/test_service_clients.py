"""Administration of service clients: a secret is shown once, and not stored."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.clients.registry import ClientRegistry
from auth_service.clients.service import ClientService
from auth_service.tokens.feed import RevocationFeed
from auth_service.tokens.service import TokenService
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from common.http_client import basic_credentials
from common.ids import uuid7
from common.writes import expected_version
from testkit.auth.api import Api

CLIENTS = "/api/v1/service-clients"
NEW = {"client_id": "reports", "scopes": ["users:read"], "audiences": ["auth"]}
WITH_OVERLAP = {"client_secret_overlap_seconds": 60}


@pytest.fixture
def settings_changes(request: pytest.FixtureRequest) -> Any:
    """The settings that a test is parametrized with."""
    return getattr(request, "param", {})


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


async def register(api: Api, token: str, **options: Any) -> Any:
    return await api.call("POST", CLIENTS, token=token, json=NEW, **options)


async def ask_for_token(api: Api, secret: str) -> Any:
    return await api.client.post(
        "/api/v1/auth/token",
        data={"grant_type": "client_credentials", "resource": "auth"},
        headers={"Authorization": basic_credentials("reports", secret)},
    )


async def can_get_tokens(api: Api, secret: str) -> bool:
    response = await ask_for_token(api, secret)
    assert response.status_code in {200, 401}
    return bool(response.status_code == 200)


async def test_a_new_clients_secret_is_shown_once_and_works(
    api: Api, token: str, database_url: str
) -> None:
    made = await register(api, token, headers={"Idempotency-Key": "k-1"})
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    body = made.json()
    path, secret = f"{CLIENTS}/{body['id']}", body["client_secret"]
    assert made.headers["Location"] == path
    assert await can_get_tokens(api, secret)
    read = await api.call("GET", path, token=token)
    assert made.headers["ETag"] == '"1"'
    assert expected_version(read.headers["ETag"]) == 1
    listed = await api.call("GET", CLIENTS, token=token)
    assert listed.json()["items"] == [read.json()]
    assert read.json() | {"client_secret": secret} == body
    again = await register(api, token, headers={"Idempotency-Key": "k-1"})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == body | {"client_secret": None}
    with psycopg.connect(database_url) as connection:
        for table in ("service_clients", "idempotency_keys", "audit_events"):
            rows = connection.execute(f"SELECT t::text FROM {table} t").fetchall()  # noqa: S608 - named above
            assert rows
            assert all(secret not in row for (row,) in rows)


async def test_a_name_is_unique(api: Api, token: str) -> None:
    await register(api, token)
    taken = await register(api, token)
    assert (taken.status_code, taken.json()["code"]) == (409, "client-id-taken")


async def a_transaction_waits_for_a_lock(auth: AuthUnits) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10):
        while True:
            async with auth.database.transaction() as session:
                if (await (await session.connection()).execute(waiting)).scalar_one():
                    return
            await asyncio.sleep(0.01)


async def test_the_old_secret_gets_no_token_while_it_is_being_replaced(
    api: Api, token: str, auth: AuthUnits
) -> None:
    made = (await register(api, token)).json()
    async with auth.begin() as unit:
        await unit.get(ClientRegistry).rotate_secret(UUID(made["id"]))
        pending = asyncio.create_task(can_get_tokens(api, made["client_secret"]))
        await a_transaction_waits_for_a_lock(auth)
    assert not await pending


async def test_a_rotated_secret_replaces_the_old_one_at_once(api: Api, token: str) -> None:
    made = (await register(api, token)).json()
    path = f"{CLIENTS}/{made['id']}/rotate-secret"
    rotated = await api.call("POST", path, token=token)
    assert (rotated.status_code, rotated.headers["ETag"]) == (200, '"2"')
    assert await can_get_tokens(api, rotated.json()["client_secret"])
    assert not await can_get_tokens(api, made["client_secret"])


@pytest.mark.parametrize("settings_changes", [WITH_OVERLAP], indirect=True)
async def test_with_an_overlap_the_old_secret_remains_valid_for_a_while(
    api: Api, token: str, clock: FrozenClock
) -> None:
    made = (await register(api, token)).json()
    path = f"{CLIENTS}/{made['id']}/rotate-secret"
    rotated = (await api.call("POST", path, token=token)).json()
    until = (clock.now() + timedelta(seconds=60)).isoformat().replace("+00:00", "Z")
    assert rotated["previous_secret_until"] == until
    secrets = made["client_secret"], rotated["client_secret"]
    assert [await can_get_tokens(api, secret) for secret in secrets] == [True, True]
    clock.advance(seconds=60)
    assert [await can_get_tokens(api, secret) for secret in secrets] == [False, True]
    third = (await api.call("POST", path, token=token)).json()["client_secret"]
    outcomes = [await can_get_tokens(api, secret) for secret in (*secrets, third)]
    assert outcomes == [False, True, True]


async def test_a_removed_client_gets_no_more_tokens(api: Api, auth: AuthUnits, token: str) -> None:
    made = (await register(api, token)).json()
    path = f"{CLIENTS}/{made['id']}"
    assert (await api.call("DELETE", path, token=token)).status_code == 428
    stale = await api.call("DELETE", path, token=token, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    version_1 = {"If-Match": '"1"'}
    assert (await api.call("DELETE", path, token=token, headers=version_1)).status_code == 204
    assert not await can_get_tokens(api, made["client_secret"])
    assert (await api.call("GET", path, token=token)).status_code == 404
    assert (await api.call("DELETE", path, token=token, headers=version_1)).status_code == 404
    rotated = await api.call("POST", f"{CLIENTS}/{uuid7()}/rotate-secret", token=token)
    assert rotated.status_code == 404
    async with auth.database.transaction() as session:
        actions = (Action.CLIENT_CHANGE, Action.CLIENT_DELETE)
        statement = select(AuditEvent).where(col(AuditEvent.action).in_(actions))
        events = (await session.exec(statement.order_by(col(AuditEvent.sequence)))).all()
    assert [event.reason for event in events] == ["register", None]
    assert all(event.actor_id and event.details["client_id"] == "reports" for event in events)


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "Reports"},
        {"client_id": "r"},
        {"scopes": ["two scopes"]},
        {"audiences": []},
        {"client_secret": "my own choice"},
    ],
)
async def test_a_malformed_client_is_refused(api: Api, token: str, change: dict[str, Any]) -> None:
    refused = await api.call("POST", CLIENTS, token=token, json=NEW | change)
    assert (refused.status_code, refused.json()["code"]) == (422, "validation-failed")


async def test_clients_come_in_pages(api: Api, token: str) -> None:
    for name in ("beta", "alpha", "gamma"):
        await api.call("POST", CLIENTS, token=token, json=NEW | {"client_id": name})
    first = (await api.call("GET", f"{CLIENTS}?limit=2&count=exact", token=token)).json()
    assert ([item["client_id"] for item in first["items"]], first["total"]) == (
        ["alpha", "beta"],
        3,
    )
    rest = await api.call("GET", f"{CLIENTS}?cursor={first['next_cursor']}", token=token)
    assert [item["client_id"] for item in rest.json()["items"]] == ["gamma"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Service tokens of the client `reports`, as auth judges them."""

    api: Api
    auth: AuthUnits

    async def new(self, secret: str) -> str:
        response = await ask_for_token(self.api, secret)
        assert response.status_code == 200, response.text
        return str(response.json()["access_token"])

    async def accepts(self, token: str) -> bool:
        """Whether auth accepts the token; introspection must agree."""
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/internal/v1/users?ids={uuid7()}"
        status = (await self.api.client.get(path, headers=headers)).status_code
        assert status in {200, 401}
        async with self.auth.begin() as unit:
            answer = await unit.get(TokenService).introspect(token)
        assert answer["active"] is (status == 200)
        return bool(status == 200)

    async def listed_since(self, moment: datetime) -> list[str]:
        """The clients in the feed for other services."""
        async with self.auth.begin() as unit:
            feed = await unit.get(RevocationFeed).since(moment, services_only=True)
        return [cutoff.client_id for cutoff in feed.clients]


@pytest.fixture
def tokens(api: Api, auth: AuthUnits) -> Tokens:
    return Tokens(api, auth)


async def test_tokens_issued_for_a_replaced_secret_are_refused_at_once(
    api: Api, token: str, tokens: Tokens, clock: FrozenClock
) -> None:
    made = (await register(api, token)).json()
    before, rotated = await tokens.new(made["client_secret"]), made
    for _ in range(3):  # within one second
        path = f"{CLIENTS}/{made['id']}/rotate-secret"
        assert await tokens.accepts(before)
        rotated = (await api.call("POST", path, token=token)).json()
        assert not await tokens.accepts(before)
        before = await tokens.new(rotated["client_secret"])
    assert await tokens.accepts(before)
    assert await tokens.listed_since(clock.now()) == ["reports"]


async def test_tokens_of_a_removed_client_are_refused_at_once(
    api: Api, token: str, tokens: Tokens, clock: FrozenClock
) -> None:
    made = (await register(api, token)).json()
    old = await tokens.new(made["client_secret"])
    assert await tokens.accepts(old)
    path = f"{CLIENTS}/{made['id']}"
    await api.call("DELETE", path, token=token, headers={"If-Match": '"1"'})
    assert not await tokens.accepts(old)
    assert await tokens.listed_since(clock.now()) == ["reports"]
    again = (await register(api, token)).json()
    new = await tokens.new(again["client_secret"])
    assert [await tokens.accepts(each) for each in (old, new)] == [False, True]


@pytest.mark.parametrize("settings_changes", [WITH_OVERLAP], indirect=True)
async def test_with_an_overlap_tokens_remain_valid_until_they_expire(
    api: Api, token: str, tokens: Tokens
) -> None:
    made = (await register(api, token)).json()
    old = await tokens.new(made["client_secret"])
    await api.call("POST", f"{CLIENTS}/{made['id']}/rotate-secret", token=token)
    assert await tokens.accepts(old)


@pytest.mark.parametrize(
    ("scopes", "survives"), [(("users:read", "more"), True), (("more",), False)]
)
async def test_the_command_line_revokes_tokens_with_removed_scopes_too(
    auth: AuthUnits, tokens: Tokens, scopes: tuple[str, ...], survives: bool
) -> None:
    secret = "the-first-secret-0123456789"
    async with auth.begin() as unit:
        await unit.get(ClientService).ensure("reports", secret, ("users:read",), ("auth",))
    token = await tokens.new(secret)
    async with auth.begin() as unit:
        assert await unit.get(ClientService).ensure("reports", secret, scopes, ("auth",))
    assert await tokens.accepts(token) is survives


async def test_a_service_token_that_was_revoked_by_itself_is_refused(
    api: Api, token: str, tokens: Tokens, auth: AuthUnits
) -> None:
    secret = (await register(api, token)).json()["client_secret"]
    doomed, other = await tokens.new(secret), await tokens.new(secret)
    async with auth.begin() as unit:
        await unit.get(TokenService).revoke(doomed)
    assert [await tokens.accepts(each) for each in (doomed, other)] == [False, True]
