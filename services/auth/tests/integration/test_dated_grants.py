"""Grants begin and end by themselves, to the second, and their end can be changed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from testkit.auth.accounts import USERS, another_admin, user_id
from testkit.auth.api import Api, claims_of
from testkit.auth.factors import reason

CLERK = "clerk@masijala.example"
VERSION_1 = {"If-Match": '"1"'}
WHOLE = {"role": "admin", "courts": "*"}


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


@pytest.fixture
async def path(api: Api, token: str, clerk: str) -> str:
    """The grants of the clerk."""
    return f"{USERS}/{await user_id(api, token, clerk)}/grants"


def at(clock: FrozenClock, **after: float) -> str:
    """A moment from now, in whole seconds."""
    return (clock.now().replace(microsecond=0) + timedelta(**after)).isoformat()


async def give(api: Api, token: str, path: str, **period: Any) -> Any:
    return await api.call("POST", path, token=token, json=WHOLE | period)


async def change(api: Api, token: str, grant: str, expires_at: str | None) -> Any:
    body = {"expires_at": expires_at}
    return await api.call("PATCH", grant, token=token, json=body, headers=VERSION_1)


def roles(signed_in: Any) -> set[str]:
    return {grant["role"] for grant in claims_of(signed_in.json()["access_token"])["grants"]}


async def test_a_grant_that_has_not_begun_gives_nothing_and_begins_by_itself(
    api: Api, auth: AuthUnits, clock: FrozenClock, token: str, path: str, clerk: str
) -> None:
    begins_at = at(clock, seconds=90)
    made = await give(api, token, path, begins_at=begins_at)
    assert made.status_code == 201
    before = await api.login(clerk)
    claims = claims_of(before.json()["access_token"])
    assert roles(before) == {"data_entry"}
    clock.advance(seconds=89)
    assert "users:write" not in (await api.me(before.json()["access_token"])).text
    async with auth.begin() as unit:
        held = await unit.get(UserService).grants_of_active([UUID(claims["sub"])])
    assert [grant.role for grant in held[UUID(claims["sub"])]] == ["data_entry"]
    clock.advance(seconds=1)
    assert claims["exp"] <= clock.now().timestamp(), "a token without the grant outlives its begin"
    after = await api.refresh(before.json()["refresh_token"])
    assert roles(after) == {"data_entry", "admin"}
    assert (await api.call("GET", USERS, token=after.json()["access_token"])).status_code == 200


async def test_a_token_never_outlives_the_next_begin_or_end(
    api: Api, clock: FrozenClock, token: str, path: str, clerk: str
) -> None:
    await give(api, token, path, begins_at=at(clock, seconds=60), expires_at=at(clock, seconds=120))
    start = clock.now().replace(microsecond=0).timestamp()
    first = await api.login(clerk)
    assert claims_of(first.json()["access_token"])["exp"] == start + 60
    clock.advance(seconds=60)
    second = await api.refresh(first.json()["refresh_token"])
    assert claims_of(second.json()["access_token"])["exp"] == start + 120
    assert roles(second) == {"data_entry", "admin"}
    clock.advance(seconds=60)
    assert roles(await api.refresh(second.json()["refresh_token"])) == {"data_entry"}


@pytest.mark.parametrize("seconds", [300, None])
async def test_the_end_of_a_grant_is_moved_and_older_tokens_are_stale(
    api: Api, auth: AuthUnits, clock: FrozenClock, token: str, path: str, seconds: int | None
) -> None:
    grant = (await give(api, token, path, expires_at=at(clock, hours=1))).json()
    old = claims_of(await api.token(CLERK))
    end = at(clock, seconds=seconds) if seconds else None
    changed = await change(api, token, f"{path}/{grant['id']}", end)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (changed.json()["expires_at"] is None) == (end is None)
    assert changed.json()["version"] == 2
    stale_below = await auth.publisher.store.redis.get(f"ver:sub:{old['sub']}")
    assert stale_below is not None
    assert old["ver"] < int(stale_below)
    read = await api.call("GET", f"{path}/{grant['id']}", token=token)
    assert read.json() == changed.json()
    assert read.headers["ETag"].startswith('"2')
    again = await change(api, token, f"{path}/{grant['id']}", end)
    assert reason(again) == (412, "precondition-failed")


async def test_a_change_of_the_end_says_which_version_it_is_of(
    api: Api, token: str, path: str
) -> None:
    grant = (await give(api, token, path)).json()["id"]
    body = {"expires_at": None}
    unread = await api.call("PATCH", f"{path}/{grant}", token=token, json=body)
    assert reason(unread) == (428, "precondition-required")
    empty = await api.call("PATCH", f"{path}/{grant}", token=token, json={}, headers=VERSION_1)
    assert empty.status_code == 422


async def test_a_grant_that_is_over_stays_so(
    api: Api, clock: FrozenClock, token: str, path: str
) -> None:
    grant = (await give(api, token, path, expires_at=at(clock, seconds=30))).json()["id"]
    clock.advance(seconds=30)
    assert reason(await change(api, token, f"{path}/{grant}", None)) == (409, "grant-over")


async def test_periods_that_are_never_are_refused(
    api: Api, clock: FrozenClock, token: str, path: str
) -> None:
    ends_first = {"begins_at": at(clock, hours=2), "expires_at": at(clock, hours=1)}
    for period in ({"expires_at": at(clock, hours=-1)}, ends_first):
        refused = await give(api, token, path, **period)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "expires_at")
    grant = (await give(api, token, path, begins_at=at(clock, hours=2))).json()["id"]
    moved = await change(api, token, f"{path}/{grant}", at(clock, hours=1))
    assert moved.json()["errors"][0]["code"] == "expires-before-it-begins"


async def test_an_administrator_does_not_lengthen_a_grant_that_they_hold(
    api: Api, auth: AuthUnits, clock: FrozenClock, token: str, admin: str
) -> None:
    other = await api.token(await another_admin(auth, "second@masijala.example"))
    path = f"{USERS}/{await user_id(api, token, admin)}/grants"
    grant = (await give(api, other, path, expires_at=at(clock, hours=2))).json()["id"]
    longer = await change(api, token, f"{path}/{grant}", at(clock, hours=3))
    assert reason(longer) == (403, "self-elevation")
    assert reason(await change(api, token, f"{path}/{grant}", None)) == (403, "self-elevation")
    shorter = await change(api, token, f"{path}/{grant}", at(clock, hours=1))
    assert shorter.status_code == 200


async def test_the_last_permanent_administrator_gets_no_end(
    api: Api, clock: FrozenClock, token: str, admin: str, path: str
) -> None:
    await give(api, token, path, begins_at=at(clock, hours=1))
    own = f"{USERS}/{await user_id(api, token, admin)}/grants"
    grant = (await api.call("GET", own, token=token)).json()["items"][0]["id"]
    ending = await change(api, token, f"{own}/{grant}", at(clock, hours=2))
    assert reason(ending) == (409, "last-admin")
    clock.advance(hours=1)
    token = await api.token(admin)
    ending = await change(api, token, f"{own}/{grant}", at(clock, hours=2))
    assert ending.status_code == 200, "the other's permanent grant is in force by now"


async def test_future_grants_count_against_the_limits(
    api: Api, clock: FrozenClock, token: str, path: str
) -> None:
    for _ in range(19):
        assert (await give(api, token, path, begins_at=at(clock, days=1))).status_code == 201
    refused = await give(api, token, path)
    assert refused.json()["errors"][0]["code"] == "grants-too-many"
