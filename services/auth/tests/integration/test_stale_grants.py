"""Tokens with grants that are no longer true are refused, however quickly changes follow."""

from time import time

import jwt

from auth_service.keys.issuer import KeyRing
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from common.identity import Grant, Role
from testkit.auth.api import Api, claims_of


async def change_grants(auth: AuthUnits, email: str, role: Role) -> None:
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(email)
        assert user is not None
        locked = await unit.get(UserService).lock(user.id)
        assert locked is not None
        row = await unit.get(UserService).add_grant(locked, Grant(role))
        await unit.get(UserService).remove_grant(locked, row)


async def test_each_of_several_changes_in_one_second_makes_the_tokens_before_it_stale(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    """The clock is frozen, so that everything happens in the same second."""
    for role in (Role.VIEWER, Role.ADMIN, Role.VIEWER):
        token = claims_of((await api.login(clerk)).json()["access_token"])
        await change_grants(auth, clerk, role)
        current = await auth.publisher.store.redis.get(f"ver:sub:{token['sub']}")
        assert current is not None
        assert token["ver"] < int(current)
        fresh = claims_of((await api.login(clerk)).json()["access_token"])
        assert fresh["ver"] == int(current)


async def test_the_token_after_fifty_changes_is_valid_at_once_for_any_verifier(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    for _ in range(50):
        await change_grants(auth, clerk, Role.VIEWER)
    token = (await api.login(clerk)).json()["access_token"]
    assert claims_of(token)["iat"] == int(clock.now().timestamp()) <= time()
    key = auth.get(KeyRing).resolve(jwt.get_unverified_header(token)["kid"])
    assert key is not None
    assert jwt.decode(token, key.key, [key.algorithm], audience="masijala")["ver"] == 100
