"""Rotation: one lineage whatever happens at once, and no second life for a spent token."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from sqlmodel import col, select

from auth_service.app import create_app, load_keys
from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.sessions.models import EndReason, RefreshToken, Session
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from auth_service.wiring import wire
from common.clock import FrozenClock
from testkit.auth.api import Api, claims_of


async def signed_in(api: Api, email: str) -> dict[str, str]:
    body = (await api.login(email)).json()
    return {
        "refresh": body["refresh_token"],
        "access": body["access_token"],
        "session": body["session"]["id"],
    }


async def the_session(auth: AuthUnits) -> Session:
    async with auth.database.transaction() as session:
        return (await session.exec(select(Session))).one()


async def test_a_refresh_gives_the_next_tokens_of_the_same_session(api: Api, clerk: str) -> None:
    first = await signed_in(api, clerk)
    response = await api.refresh(first["refresh"])
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert body["refresh_token"] != first["refresh"]
    assert body["session"]["id"] == first["session"]
    assert claims_of(body["access_token"])["jti"] != claims_of(first["access"])["jti"]
    assert (await api.refresh(body["refresh_token"])).status_code == 200


async def test_64_parallel_refreshes_give_one_successor(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    first = await signed_in(api, clerk)
    responses = await asyncio.gather(*(api.refresh(first["refresh"]) for _ in range(64)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.json()["refresh_token"] for response in responses}) == 1
    async with auth.database.transaction() as session:
        tokens = (await session.exec(select(RefreshToken))).all()
    assert [token.generation for token in tokens if token.spent_at is None] == [1]
    assert len(tokens) == 2


async def test_the_previous_token_gives_the_same_successor_within_the_window(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    first = await signed_in(api, clerk)
    successor = (await api.refresh(first["refresh"])).json()["refresh_token"]
    for _ in range(2):  # using it does not extend the window
        clock.advance(seconds=5)
        again = await api.refresh(first["refresh"])
        assert again.json()["refresh_token"] == successor
    clock.advance(seconds=0.1)
    assert (await api.refresh(first["refresh"])).json()["code"] == "refresh-token-reused"


async def test_reuse_after_the_window_ends_the_session(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    first = await signed_in(api, clerk)
    second = (await api.refresh(first["refresh"])).json()
    clock.advance(seconds=10.1)
    response = await api.refresh(first["refresh"])
    assert response.status_code == 401
    assert response.json()["code"] == "refresh-token-reused"
    after = await api.refresh(second["refresh_token"])
    assert (after.status_code, after.json()["code"]) == (401, "refresh-token-invalid")
    assert (await the_session(auth)).end_reason is EndReason.REUSE
    assert await auth.publisher.store.redis.get(f"rev:sid:{first['session']}") == "1"
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.REFRESH_REUSE)
        event = (await session.exec(statement)).one()
    assert event.outcome is EventOutcome.DENIED
    assert str(event.session_id) == first["session"]


async def test_an_older_token_ends_the_session_even_within_the_window(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    first = await signed_in(api, clerk)
    second = (await api.refresh(first["refresh"])).json()["refresh_token"]
    await api.refresh(second)
    response = await api.refresh(first["refresh"])
    assert response.json()["code"] == "refresh-token-reused"
    assert (await the_session(auth)).end_reason is EndReason.REUSE


async def test_reuse_leaves_other_sessions_alone(api: Api, clerk: str, clock: FrozenClock) -> None:
    stolen, other = await signed_in(api, clerk), await signed_in(api, clerk)
    await api.refresh(stolen["refresh"])
    clock.advance(seconds=11)
    assert (await api.refresh(stolen["refresh"])).status_code == 401
    assert (await api.refresh(other["refresh"])).status_code == 200


@asynccontextmanager
async def serving(auth: AuthUnits, api: Api) -> AsyncIterator[Api]:
    """The same client with another process."""
    transport = httpx.ASGITransport(create_app(auth)[0])
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        yield replace(api, client=client)


async def test_rotation_survives_a_restart(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    first = await signed_in(api, clerk)
    successor = (await api.refresh(first["refresh"])).json()["refresh_token"]
    restarted = wire(auth.get(AuthSettings), clock)
    await load_keys(restarted)
    async with serving(restarted, api) as other:
        again = await other.refresh(first["refresh"])
    assert again.json()["refresh_token"] == successor
    await restarted.close()


async def test_a_refresh_concurrent_with_sign_out_leaves_no_valid_token(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    for _ in range(10):
        first = await signed_in(api, clerk)
        racing = [asyncio.create_task(api.refresh(first["refresh"])) for _ in range(3)]
        ended = await api.logout(first["refresh"])
        assert ended.status_code == 204
        responses = await asyncio.gather(*racing)
        for response in responses:
            if response.status_code == 200:
                later = await api.refresh(response.json()["refresh_token"])
                assert later.status_code == 401
        assert await auth.publisher.store.redis.get(f"rev:sid:{first['session']}") == "1"


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 43, "A" * 43, "€" * 43, "a.b.c", "../../etc", "A" * 500]
)
async def test_what_is_no_refresh_token_is_invalid(api: Api, clerk: str, token: str) -> None:
    assert clerk
    response = await api.refresh(token)
    assert response.status_code == 401
    assert response.json()["code"] == "refresh-token-invalid"


async def test_no_token_at_all_is_invalid(api: Api) -> None:
    for body in (None, {}, {"refresh_token": None}):
        response = await api.call("POST", "/api/v1/auth/refresh", json=body)
        assert response.json()["code"] == "refresh-token-invalid"


async def test_a_session_ends_by_idle_time(api: Api, clerk: str, clock: FrozenClock) -> None:
    first = await signed_in(api, clerk)
    clock.advance(days=13.9)
    second = (await api.refresh(first["refresh"])).json()["refresh_token"]
    clock.advance(days=14.1)
    assert (await api.refresh(second)).json()["code"] == "refresh-token-invalid"


async def test_a_session_ends_by_absolute_time_however_busy(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    body = (await api.login(clerk)).json()
    for _ in range(8):
        clock.advance(days=11)
        body = (await api.refresh(body["refresh_token"])).json()
    assert body["refresh_expires_in"] == 2 * 24 * 3600
    clock.advance(days=2)
    late = await api.refresh(body["refresh_token"])
    assert late.json()["code"] == "refresh-token-invalid"


async def test_a_deactivated_user_gets_no_more_tokens(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    first = await signed_in(api, clerk)
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(clerk)
        assert user is not None
        user.is_active = False
    assert (await api.refresh(first["refresh"])).json()["code"] == "refresh-token-invalid"


async def test_a_changed_derivation_key_refuses_the_previous_token_but_ends_no_session(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    first = await signed_in(api, clerk)
    successor = (await api.refresh(first["refresh"])).json()["refresh_token"]
    changed = wire(
        auth.get(AuthSettings).model_copy(
            update={"refresh_derivation_key": auth.get(AuthSettings).cursor_key[0]}
        ),
        clock,
    )
    await load_keys(changed)
    async with serving(changed, api) as other:
        assert (await other.refresh(first["refresh"])).json()["code"] == "refresh-token-invalid"
        assert (await other.refresh(successor)).status_code == 200
    await changed.close()
