"""Rotation: the next key is published well before it signs, the last one well after."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import httpx
import pytest
from sqlmodel import col, select

from auth_service.app import create_app, load_keys
from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.keys.issuer import KeyRing
from auth_service.keys.models import KeyState, SigningKey
from auth_service.keys.service import KeyRules, KeyService
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.wiring import wire
from common.access_tokens import USER_AUDIENCE, TokenRules
from common.clock import FrozenClock, SystemClock
from common.http_client import ServiceClient
from common.jwks import JwksKeys
from testkit.auth.api import Api
from testkit.auth.settings import ISSUER

RULES = KeyRules(token_life=timedelta(seconds=660))


async def states(auth: AuthUnits) -> dict[KeyState, list[str]]:
    async with auth.database.transaction() as session:
        keys = (await session.exec(select(SigningKey).order_by(col(SigningKey.created_at)))).all()
    return {state: [key.kid for key in keys if key.state is state] for state in KeyState}


async def rotate(auth: AuthUnits, *, now: bool = False) -> str:
    async with auth.begin() as unit:
        return (await unit.get(KeyService).rotate(now=now)).kid


def published(auth: AuthUnits) -> set[str]:
    return {key["kid"] for key in auth.get(KeyRing).jwks()["keys"]}


async def test_a_key_is_published_one_lifetime_before_it_signs(
    auth: AuthUnits, clock: FrozenClock
) -> None:
    first, second = auth.get(KeyRing).signer.kid, await rotate(auth)
    await load_keys(auth)
    assert published(auth) == {first, second}
    clock.advance(seconds=RULES.publication.total_seconds() - 1)
    await load_keys(auth)
    assert auth.get(KeyRing).signer.kid == first
    clock.advance(seconds=1)
    await load_keys(auth)
    assert auth.get(KeyRing).signer.kid == second
    assert RULES.publication >= timedelta(seconds=300)


async def test_a_retired_key_stays_published_until_its_last_token_has_expired(
    auth: AuthUnits, clock: FrozenClock
) -> None:
    first, second = auth.get(KeyRing).signer.kid, await rotate(auth, now=True)
    clock.advance(seconds=661)
    await load_keys(auth)
    assert published(auth) == {first, second}
    clock.advance(seconds=60)
    await load_keys(auth)
    assert published(auth) == {second}
    assert (await states(auth))[KeyState.RETIRED] == [first]


@pytest.mark.parametrize("settings_changes", [{"service_token_seconds": 3600}])
async def test_a_key_outlives_the_tokens_of_services_too(
    auth: AuthUnits, clock: FrozenClock, settings_changes: dict[str, int]
) -> None:
    first, second = auth.get(KeyRing).signer.kid, await rotate(auth, now=True)
    clock.advance(seconds=settings_changes["service_token_seconds"])
    await load_keys(auth)
    assert published(auth) == {first, second}


async def test_the_private_key_of_a_retired_key_is_deleted(auth: AuthUnits) -> None:
    first = auth.get(KeyRing).signer.kid
    await rotate(auth, now=True)
    async with auth.database.transaction() as session:
        key = await session.get(SigningKey, first)
    assert key is not None
    assert key.encrypted_private_key == b""


async def test_fetching_twice_publishes_one_key(auth: AuthUnits) -> None:
    assert await rotate(auth) == await rotate(auth)
    assert await rotate(auth, now=True) == (await states(auth))[KeyState.ACTIVE][0]


async def test_every_change_of_keys_is_in_the_audit_log(auth: AuthUnits) -> None:
    first, second = auth.get(KeyRing).signer.kid, await rotate(auth, now=True)
    async with auth.database.transaction() as session:
        events = (await session.exec(select(AuditEvent).order_by(col(AuditEvent.sequence)))).all()
    assert [(event.action, event.details["kid"]) for event in events] == [
        (Action.KEY_CREATE, first),
        (Action.KEY_CREATE, second),
        (Action.KEY_ROTATE, second),
    ]


async def test_the_schedule_replaces_a_key_when_it_is_old_enough(
    settings: AuthSettings, clock: FrozenClock
) -> None:
    replicas = [
        wire(settings.model_copy(update={"key_rotation_days": 30}), clock) for _ in range(3)
    ]
    try:
        await load_keys(replicas[0])
        first = replicas[0].get(KeyRing).signer.kid
        for _ in range(3):
            clock.advance(days=15)
            await asyncio.gather(*(load_keys(replica) for replica in replicas))
            clock.advance(seconds=RULES.publication.total_seconds())
            await asyncio.gather(*(load_keys(replica) for replica in replicas))
        after = await states(replicas[0])
        assert after[KeyState.RETIRED] == [first]
        assert len(after[KeyState.ACTIVE]) == 1
        assert {replica.get(KeyRing).signer.kid for replica in replicas} == set(
            after[KeyState.ACTIVE]
        )
    finally:
        for replica in replicas:
            await replica.close()


@pytest.mark.parametrize("algorithm", ["RS256", "EdDSA"])
async def test_a_rotation_changes_the_algorithm(
    auth: AuthUnits, settings: AuthSettings, clock: FrozenClock, clerk: str, algorithm: str
) -> None:
    first = auth.get(KeyRing).signer
    changed = wire(settings.model_copy(update={"signing_algorithm": algorithm}), clock)
    try:
        await load_keys(changed)
        assert changed.get(KeyRing).signer.kid == first.kid
        clock.advance(seconds=RULES.publication.total_seconds())
        await load_keys(changed)
        assert changed.get(KeyRing).signer.algorithm == algorithm
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(changed)[0]),
            base_url="http://auth",
        ) as client:
            token = (await signed_in_api(client, clock).login(clerk)).json()["access_token"]
        rules = TokenRules(ISSUER, USER_AUDIENCE)
        assert rules.verify(token, changed.get(KeyRing).resolve, clock.now())["sub"]
    finally:
        await changed.close()


def signed_in_api(client: httpx.AsyncClient, clock: FrozenClock | SystemClock) -> Api:
    from common.assertions import AssertionMinter
    from testkit.auth.settings import ASSERTION_KEY

    return Api(client, AssertionMinter("auth", ASSERTION_KEY), clock)


@pytest.fixture
async def quick(settings: AuthSettings) -> AsyncIterator[AuthUnits]:
    """The service with a rotation that takes a second: published for 0.9 s, read every 0.5 s."""
    auth = wire(settings)
    rules = KeyRules(timedelta(seconds=5), jwks_seconds=0.6, reload_seconds=0.15)
    auth.registry.register_value(KeyRules, rules)
    try:
        await load_keys(auth)
        yield auth
    finally:
        await auth.close()


async def test_with_traffic_flowing_no_token_is_refused(quick: AuthUnits, clerk: str) -> None:
    transport = httpx.ASGITransport(create_app(quick)[0])
    keys = JwksKeys(ServiceClient("http://auth", transport=transport), lifetime_seconds=0.6)
    rules, signed_by = TokenRules(ISSUER, USER_AUDIENCE), set[str]()
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        api = signed_in_api(client, SystemClock())
        await keys.start()
        body = (await api.login(clerk)).json()
        rotations, until = 0, monotonic() + 6.0
        while monotonic() < until:
            if (await states(quick))[KeyState.NEXT] == []:
                await rotate(quick)
                rotations += 1
            await load_keys(quick)
            body = (await api.refresh(body["refresh_token"])).json()
            # As at the gateway: the key is not requested, it must be known already.
            rules.verify(body["access_token"], keys.resolve, datetime.now(UTC))
            signed_by.add(quick.get(KeyRing).signer.kid)
        await keys.stop()
    assert rotations >= 3
    assert len(signed_by) >= 3
