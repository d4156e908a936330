"""After a FLUSHALL everything that was revoked is refused again, within two seconds."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from auth_service.app import create_app
from auth_service.keys.issuer import KeyRing
from auth_service.revocations.rules import PendingRevocations, Revocation
from auth_service.revocations.store import RevocationStore
from auth_service.tokens.rebuild import Rebuild
from auth_service.tokens.service import TokenService
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from auth_service.wiring import wire
from common.clock import Clock
from common.identity import Grant, Role
from devstack.servers.ports import LOOPBACK
from devstack.servers.valkey import EmbeddedValkey
from testkit.auth.api import Api
from testkit.auth.settings import make_settings


async def until(holds: Callable[[], Awaitable[object]], seconds: float = 2.0) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - what is waited for happens in a server
            await asyncio.sleep(0.02)


async def revoke_everything(api: Api, auth: AuthUnits, email: str) -> set[str]:
    """End a session, change a grant and revoke a token; returns the names of the marks."""
    body = (await api.login(email)).json()
    await api.logout(body["refresh_token"])
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(email)
        assert user is not None
        await unit.get(UserService).add_grant(user, Grant(Role.VIEWER))
    async with auth.begin() as unit:
        await unit.get(TokenService).revoke((await api.login(email)).json()["access_token"])
        marks = unit.get(PendingRevocations).items
    return {f"rev:sid:{body['session']['id']}", f"nbf:sub:{user.id}", marks[0].key}


async def test_a_flush_is_noticed_and_all_revocations_are_restored(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    app = create_app(auth)[0]
    async with app.router.lifespan_context(app):
        marks = await revoke_everything(api, auth, clerk)
        before = {key: await auth.publisher.store.redis.get(key) for key in marks}
        assert await auth.publisher.store.redis.exists("rev:generation")
        await auth.publisher.store.redis.flushall()
        await until(lambda: auth.publisher.store.redis.exists("rev:generation"))
        assert {key: await auth.publisher.store.redis.get(key) for key in marks} == before
        for key in marks:
            assert 0 < await auth.publisher.store.redis.pttl(key) <= 661_000


async def test_nothing_is_rebuilt_while_redis_is_complete(
    auth: AuthUnits, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await auth.get(Rebuild).run_if_needed()
    monkeypatch.setattr(RevocationStore, "begin_rebuild", None)
    assert await auth.get(Rebuild).run_if_needed()


async def test_another_replica_of_auth_rebuilds_a_new_primary_once_more(auth: AuthUnits) -> None:
    """This one wrote to the former primary what the other may not have read from Postgres."""
    assert await auth.get(Rebuild).run_if_needed()
    publisher = auth.publisher
    publisher.rebuilt, primary = "the former primary", publisher.rebuilt
    assert await auth.get(Rebuild).run_if_needed()
    assert publisher.rebuilt == primary


async def test_a_revocation_written_to_another_primary_is_written_again(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    await auth.get(Rebuild).run()
    publisher = auth.publisher
    body = (await api.login(clerk)).json()
    assert not publisher.in_doubt
    publisher.rebuilt = "where the gateways are by now"
    await api.logout(body["refresh_token"])
    assert publisher.in_doubt


async def test_expired_revocations_are_not_written(api: Api, auth: AuthUnits, clerk: str) -> None:
    body = (await api.login(clerk)).json()
    await api.logout(body["refresh_token"])
    await auth.publisher.store.redis.flushall()
    api.clock.advance(seconds=661)  # type: ignore[attr-defined]  # the tests' clock is frozen
    await auth.get(Rebuild).run()
    assert await auth.publisher.store.redis.keys("rev:*") == ["rev:generation"]


async def test_after_a_flush_during_a_rebuild_redis_is_not_complete(
    api: Api, auth: AuthUnits, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = await revoke_everything(api, auth, clerk)
    await auth.publisher.store.redis.flushall()
    apply, flushes = RevocationStore.apply, iter([True])

    async def apply_and_flush(store: RevocationStore, given: Sequence[Revocation]) -> set[str]:
        written_to = await apply(store, given)
        if next(flushes, False):
            await auth.publisher.store.redis.flushall()
        return written_to

    monkeypatch.setattr(RevocationStore, "apply", apply_and_flush)
    assert not await auth.get(Rebuild).run_if_needed()
    assert not await auth.publisher.store.redis.exists("rev:generation")
    assert await auth.get(Rebuild).run_if_needed()
    for key in marks:
        assert await auth.publisher.store.redis.exists(key)


async def test_after_a_failover_during_a_rebuild_redis_is_not_complete(
    private_valkey: EmbeddedValkey, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The marker had reached the new primary, the revocations after it had not."""
    auth = wire(make_settings(database_url, private_valkey.url))
    begin = RevocationStore.begin_rebuild

    async def begin_and_fail_over(store: RevocationStore, rebuild_id: UUID) -> str:
        primary = await begin(store, rebuild_id)
        await auth.publisher.store.redis.replicaof(LOOPBACK, "1")
        await auth.publisher.store.redis.replicaof("NO", "ONE")
        return primary

    monkeypatch.setattr(RevocationStore, "begin_rebuild", begin_and_fail_over)
    assert not await auth.get(Rebuild).run_if_needed()
    assert not await auth.publisher.store.redis.exists("rev:generation")
    monkeypatch.setattr(RevocationStore, "begin_rebuild", begin)
    assert await auth.get(Rebuild).run_if_needed()
    await auth.close()


async def test_a_not_before_time_never_decreases(auth: AuthUnits) -> None:
    store, now = auth.publisher.store, auth.get(Clock).now()  # type: ignore[type-abstract]  # a Protocol is a key, too
    until_later = now + timedelta(minutes=1)
    await store.apply([Revocation("nbf:sub:x", "200", until_later)])
    await store.apply([Revocation("nbf:sub:x", "100", until_later)])
    assert await auth.publisher.store.redis.get("nbf:sub:x") == "200"


async def test_the_service_starts_and_catches_up_when_redis_comes_later(
    private_valkey: EmbeddedValkey, database_url: str
) -> None:
    auth = wire(make_settings(database_url, private_valkey.url))
    private_valkey.stop()
    app = create_app(auth)[0]
    async with app.router.lifespan_context(app):
        assert auth.get(KeyRing).jwks()["keys"]
        private_valkey.start()
        await until(lambda: auth.publisher.store.redis.exists("rev:generation"), seconds=5)
