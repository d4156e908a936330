"""Signing out: by token, by session, twice, late, and without Redis."""

from sqlmodel import col, select

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.tokens.rebuild import Rebuild
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from common.redis_client import connect_redis
from testkit.auth.api import Api


async def test_signing_out_revokes_before_it_answers(api: Api, auth: AuthUnits, clerk: str) -> None:
    body = (await api.login(clerk)).json()
    session_id = body["session"]["id"]
    assert (await api.logout(body["refresh_token"])).status_code == 204
    assert await auth.publisher.store.redis.get(f"rev:sid:{session_id}") == "1"
    assert 0 < await auth.publisher.store.redis.ttl(f"rev:sid:{session_id}") <= 660
    assert (await api.refresh(body["refresh_token"])).status_code == 401
    assert (await api.me(body["access_token"])).status_code == 401


async def test_signing_out_twice_succeeds_and_records_one_event(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    body = (await api.login(clerk)).json()
    for _ in range(2):
        assert (await api.logout(body["refresh_token"])).status_code == 204
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.LOGOUT)
        assert len((await session.exec(statement)).all()) == 1


async def test_a_spent_token_still_ends_its_session(api: Api, clerk: str) -> None:
    body = (await api.login(clerk)).json()
    successor = (await api.refresh(body["refresh_token"])).json()["refresh_token"]
    await api.logout(body["refresh_token"])
    assert (await api.refresh(successor)).status_code == 401


async def test_the_access_token_alone_is_enough(api: Api, clerk: str) -> None:
    body = (await api.login(clerk)).json()
    response = await api.call("POST", "/api/v1/auth/logout", token=body["access_token"])
    assert response.status_code == 204
    assert (await api.refresh(body["refresh_token"])).status_code == 401


async def test_an_unknown_token_falls_back_on_the_callers_session(api: Api, clerk: str) -> None:
    body = (await api.login(clerk)).json()
    unknown = {"refresh_token": "A" * 43}
    await api.call("POST", "/api/v1/auth/logout", token=body["access_token"], json=unknown)
    assert (await api.refresh(body["refresh_token"])).status_code == 401


async def test_an_anonymous_caller_may_sign_out(api: Api) -> None:
    assert (await api.call("POST", "/api/v1/auth/logout")).status_code == 204
    assert (await api.logout("A" * 43)).status_code == 204


async def test_signing_out_works_after_the_access_token_expired(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    body = (await api.login(clerk)).json()
    clock.advance(hours=2)
    assert (await api.logout(body["refresh_token"])).status_code == 204
    assert (await api.refresh(body["refresh_token"])).status_code == 401


async def test_without_redis_the_session_ends_and_the_revocation_is_published_later(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    body = (await api.login(clerk)).json()
    await auth.get(Rebuild).run()
    store, present = auth.publisher.store, auth.publisher.store.redis
    unreachable = connect_redis("redis://127.0.0.1:1/0", 0.5)
    object.__setattr__(store, "redis", unreachable)
    assert (await api.logout(body["refresh_token"])).status_code == 204
    assert (await api.refresh(body["refresh_token"])).status_code == 401
    object.__setattr__(store, "redis", present)
    await unreachable.aclose()
    mark = f"rev:sid:{body['session']['id']}"
    assert not await present.exists(mark)
    # Redis lost nothing, so the generation exists: auth knows that it missed a revocation.
    assert await auth.get(Rebuild).run_if_needed()
    assert await present.get(mark) == "1"
