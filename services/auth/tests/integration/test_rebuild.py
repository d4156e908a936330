"""After a FLUSHALL everything that was revoked is refused again, within two seconds."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from auth_service.app import make_app, make_health
from auth_service.revocations.marks import Mark
from auth_service.revocations.store import MarkStore
from auth_service.wiring import Wiring, wire
from common.identity import Grant, Role
from devstack.servers.ports import LOOPBACK
from devstack.servers.valkey import EmbeddedValkey
from testkit.auth.api import Api
from testkit.auth.settings import make_settings


async def until(holds: Callable[[], Awaitable[object]], seconds: float = 2.0) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - what is waited for happens in a server
            await asyncio.sleep(0.02)


async def revoke_everything(api: Api, wiring: Wiring, email: str) -> set[str]:
    """End a session, change a grant and revoke a token; returns the names of the marks."""
    body = (await api.login(email)).json()
    await api.logout(body["refresh_token"])
    async with wiring.units.begin() as work:
        user = await work.users.by_email(email)
        assert user is not None
        await work.users.add_grant(user, Grant(Role.VIEWER))
    async with wiring.units.begin() as work:
        await wiring.tokens.revoke(work, (await api.login(email)).json()["access_token"])
        marks = work.changes.marks
    return {f"rev:sid:{body['session']['id']}", f"nbf:sub:{user.id}", marks[0].key}


async def test_a_flush_is_noticed_and_everything_is_there_again(
    api: Api, wiring: Wiring, clerk: str
) -> None:
    app = make_app(wiring, make_health(wiring))
    async with app.router.lifespan_context(app):
        marks = await revoke_everything(api, wiring, clerk)
        before = {key: await wiring.redis.get(key) for key in marks}
        live = (await api.login(clerk)).json()["session"]["id"]
        assert await wiring.redis.exists("rev:generation")
        await wiring.redis.flushall()
        await until(lambda: wiring.redis.exists("rev:generation"))
        assert {key: await wiring.redis.get(key) for key in marks} == before
        for key in marks:
            assert 0 < await wiring.redis.pttl(key) <= 661_000
        await until(lambda: wiring.redis.exists(f"sess:{live}"))


async def test_nothing_is_rebuilt_while_redis_remembers(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await wiring.rebuild.run_if_needed()
    monkeypatch.setattr(MarkStore, "begin_rebuild", None)
    assert await wiring.rebuild.run_if_needed()


async def test_another_replica_of_auth_rebuilds_a_new_primary_once_more(wiring: Wiring) -> None:
    """What this one wrote to the former primary, the other may not have read from Postgres."""
    assert await wiring.rebuild.run_if_needed()
    publisher = wiring.units.publisher
    publisher.rebuilt, primary = "the former primary", publisher.rebuilt
    assert await wiring.rebuild.run_if_needed()
    assert publisher.rebuilt == primary


async def test_a_mark_that_another_primary_took_is_written_again(
    api: Api, wiring: Wiring, clerk: str
) -> None:
    await wiring.rebuild.run()
    publisher = wiring.units.publisher
    body = (await api.login(clerk)).json()
    assert not publisher.in_doubt
    publisher.rebuilt = "where the gateways are by now"
    await api.logout(body["refresh_token"])
    assert publisher.in_doubt


async def test_marks_of_no_more_use_are_not_written(api: Api, wiring: Wiring, clerk: str) -> None:
    body = (await api.login(clerk)).json()
    await api.logout(body["refresh_token"])
    await wiring.redis.flushall()
    api.clock.advance(seconds=661)  # type: ignore[attr-defined]  # the tests' clock stands still
    await wiring.rebuild.run()
    assert await wiring.redis.keys("rev:*") == ["rev:generation"]


async def test_a_flush_in_the_middle_of_a_rebuild_is_not_taken_for_a_whole_memory(
    api: Api, wiring: Wiring, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = await revoke_everything(api, wiring, clerk)
    await wiring.redis.flushall()
    apply, flushes = MarkStore.apply, iter([True])

    async def apply_and_flush(store: MarkStore, given: Sequence[Mark]) -> set[str]:
        written_to = await apply(store, given)
        if next(flushes, False):
            await wiring.redis.flushall()
        return written_to

    monkeypatch.setattr(MarkStore, "apply", apply_and_flush)
    assert not await wiring.rebuild.run_if_needed()
    assert not await wiring.redis.exists("rev:generation")
    assert await wiring.rebuild.run_if_needed()
    for key in marks:
        assert await wiring.redis.exists(key)


async def test_a_failover_in_the_middle_of_a_rebuild_is_not_taken_for_a_whole_memory(
    private_valkey: EmbeddedValkey, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sign had reached the new primary, the marks behind it had not."""
    wiring = wire(make_settings(database_url, private_valkey.url))
    begin = MarkStore.begin_rebuild

    async def begin_and_fail_over(store: MarkStore, rebuild_id: UUID) -> str:
        primary = await begin(store, rebuild_id)
        await wiring.redis.replicaof(LOOPBACK, "1")
        await wiring.redis.replicaof("NO", "ONE")
        return primary

    monkeypatch.setattr(MarkStore, "begin_rebuild", begin_and_fail_over)
    assert not await wiring.rebuild.run_if_needed()
    assert not await wiring.redis.exists("rev:generation")
    monkeypatch.setattr(MarkStore, "begin_rebuild", begin)
    assert await wiring.rebuild.run_if_needed()
    await wiring.close()


async def test_a_not_before_never_moves_back(wiring: Wiring) -> None:
    store, now = wiring.units.publisher.marks, wiring.clock.now()
    until_later = now + timedelta(minutes=1)
    await store.apply([Mark("nbf:sub:x", "200", until_later)])
    await store.apply([Mark("nbf:sub:x", "100", until_later)])
    assert await wiring.redis.get("nbf:sub:x") == "200"


async def test_the_service_starts_and_catches_up_when_redis_comes_later(
    private_valkey: EmbeddedValkey, database_url: str
) -> None:
    wiring = wire(make_settings(database_url, private_valkey.url))
    private_valkey.stop()
    app = make_app(wiring, make_health(wiring))
    async with app.router.lifespan_context(app):
        assert wiring.keys.jwks()["keys"]
        private_valkey.start()
        await until(lambda: wiring.redis.exists("rev:generation"), seconds=5)
