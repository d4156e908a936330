"""Signing keys: made once however many start, encrypted at rest, published."""

import asyncio

import pytest
from sqlmodel import select

from auth_service.app import load_keys
from auth_service.keys.cipher import KeyUnreadable
from auth_service.keys.issuer import KeyRing
from auth_service.keys.models import KeyState, SigningKey
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.wiring import wire
from common.clock import FrozenClock
from testkit.auth.api import Api
from testkit.auth.settings import ISSUER


async def test_processes_that_start_simultaneously_make_one_key(
    settings: AuthSettings, clock: FrozenClock
) -> None:
    wirings = [wire(settings, clock) for _ in range(6)]
    try:
        await asyncio.gather(*(load_keys(auth) for auth in wirings))
        async with wirings[0].database.transaction() as session:
            (key,) = (await session.exec(select(SigningKey))).all()
        assert key.state is KeyState.ACTIVE
        assert {auth.get(KeyRing).signer.kid for auth in wirings} == {key.kid}
    finally:
        for auth in wirings:
            await auth.close()


async def test_the_key_set_is_public_and_cacheable(api: Api) -> None:
    response = await api.client.get("/.well-known/jwks.json")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    (key,) = response.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}  # above all no "d"


async def test_the_metadata_names_what_there_is(api: Api) -> None:
    response = await api.client.get("/.well-known/oauth-authorization-server")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    body = response.json()
    assert body["issuer"] == ISSUER
    assert body["jwks_uri"] == f"{ISSUER}/.well-known/jwks.json"
    assert body["token_endpoint"] == f"{ISSUER}/api/v1/auth/token"


async def test_another_encryption_key_stops_the_start(
    auth: AuthUnits, settings: AuthSettings, clock: FrozenClock
) -> None:
    assert auth.get(KeyRing).jwks()["keys"]
    changes = {"key_encryption_key": settings.cursor_key}
    other = wire(settings.model_copy(update=changes), clock)
    try:
        with pytest.raises(KeyUnreadable, match="AUTH_KEY_ENCRYPTION_KEY"):
            await load_keys(other)
    finally:
        await other.close()


async def test_keys_are_encrypted_again_under_a_changed_key_and_the_old_one_can_be_removed(
    auth: AuthUnits, settings: AuthSettings, clock: FrozenClock
) -> None:
    (new,), old = settings.cursor_key, settings.key_encryption_key
    for keys in ((new, *old), (new,)):
        other = wire(settings.model_copy(update={"key_encryption_key": keys}), clock)
        try:
            await load_keys(other)
            assert other.get(KeyRing).signer.kid == auth.get(KeyRing).signer.kid
        finally:
            await other.close()
