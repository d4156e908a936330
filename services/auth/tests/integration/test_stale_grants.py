"""Tokens with grants that are no longer true are refused, however quickly changes follow."""

from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.identity import Grant, Role
from testkit.auth.api import Api, claims_of


async def test_each_of_several_changes_in_one_second_makes_the_tokens_before_it_stale(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    """The clock is frozen, so that everything happens in the same second."""
    for role in (Role.VIEWER, Role.ADMIN, Role.VIEWER):
        token = claims_of((await api.login(clerk)).json()["access_token"])
        async with auth.begin() as unit:
            user = await unit.get(UserService).by_email(clerk)
            assert user is not None
            locked = await unit.get(UserService).lock(user.id)
            assert locked is not None
            await unit.get(UserService).add_grant(locked, Grant(role))
        not_before = await auth.publisher.store.redis.get(f"nbf:sub:{token['sub']}")
        assert not_before is not None
        assert token["iat"] < int(not_before)
        fresh = claims_of((await api.login(clerk)).json()["access_token"])
        assert fresh["iat"] >= int(not_before)
