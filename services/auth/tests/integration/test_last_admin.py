"""The last administrator stays, whatever is tried, and by however many at once."""

import asyncio
import os
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from auth_service.units import AuthUnits
from auth_service.users.models import User
from auth_service.users.service import UserService
from common.clock import FrozenClock
from testkit.auth.accounts import USERS, another_admin, user_id
from testkit.auth.api import Api

VERSION_1 = {"If-Match": '"1"'}
RACES = 200 if os.environ.get("FULL_COUNTS") == "1" else 8


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


async def named(users: UserService, emails: list[str]) -> list[User]:
    found = [await users.by_email(email) for email in emails]
    return [user for user in found if user is not None]


async def only_these_are_active(auth: AuthUnits, emails: list[str]) -> None:
    async with auth.database.transaction() as session:
        for user in (await session.exec(select(User))).all():
            user.is_active = user.email in emails


async def removal(api: Api, *, by: str, of: str, by_grant: bool) -> Coroutine[Any, Any, Any]:
    """A request by one administrator that makes another one none, ready to be sent."""
    token = await api.token(by)
    path = f"{USERS}/{await user_id(api, token, of)}"
    if by_grant:
        grant = (await api.call("GET", path, token=token)).json()["grants"][0]["id"]
        return api.call("DELETE", f"{path}/grants/{grant}", token=token)
    body = {"is_active": False}
    return api.call("PATCH", path, token=token, json=body, headers=VERSION_1)


async def test_the_last_administrator_is_neither_demoted_nor_deactivated(
    api: Api, auth: AuthUnits, token: str, admin: str
) -> None:
    path = f"{USERS}/{await user_id(api, token, admin)}"
    grant = (await api.call("GET", path, token=token)).json()["grants"][0]["id"]
    body = {"is_active": False}
    off = await api.call("PATCH", path, token=token, json=body, headers=VERSION_1)
    assert (off.status_code, off.json()["code"]) == (409, "last-admin")
    removed = await api.call("DELETE", f"{path}/grants/{grant}", token=token)
    assert (removed.status_code, removed.json()["code"]) == (409, "last-admin")
    assert (await api.me(token)).status_code == 200
    await another_admin(auth, "second@masijala.example")
    assert (await api.call("DELETE", f"{path}/grants/{grant}", token=token)).status_code == 204


async def test_an_administrator_with_an_expiring_grant_does_not_count(
    api: Api, clock: FrozenClock, token: str, admin: str, clerk: str
) -> None:
    clerk_path = f"{USERS}/{await user_id(api, token, clerk)}/grants"
    soon = (clock.now() + timedelta(days=1)).isoformat()
    body = {"role": "admin", "courts": "*", "expires_at": soon}
    assert (await api.call("POST", clerk_path, token=token, json=body)).status_code == 201
    path = f"{USERS}/{await user_id(api, token, admin)}"
    grant = (await api.call("GET", path, token=token)).json()["grants"][0]["id"]
    refused = await api.call("DELETE", f"{path}/grants/{grant}", token=token)
    assert refused.json()["code"] == "last-admin"


@pytest.mark.parametrize("by_grant", [False, True])
async def test_two_administrators_cannot_remove_each_other(
    api: Api, auth: AuthUnits, by_grant: bool
) -> None:
    for number in range(RACES):
        pair = [await another_admin(auth, f"{name}{number}@court.example") for name in "ab"]
        await only_these_are_active(auth, pair)
        requests = [
            await removal(api, by=one, of=other, by_grant=by_grant)
            for one, other in (pair, pair[::-1])
        ]
        statuses = [answer.status_code for answer in await asyncio.gather(*requests)]
        assert sorted(statuses) in ([200, 403], [204, 403])
        async with auth.begin() as unit:
            users = unit.get(UserService)
            found = await named(users, pair)
            left = await users.all_grants([user.id for user in found])
            active = [user for user in found if user.is_active]
        assert {grant.user_id for grant in left} & {user.id for user in active}
