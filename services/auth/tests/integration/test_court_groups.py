"""Named groups of courts: what changes in a group changes for all who hold a grant by it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from common.identity import court_list_reference
from testkit.auth.accounts import USERS, another_admin, user_id
from testkit.auth.api import Api, claims_of
from testkit.auth.factors import reason

GROUPS = "/api/v1/court-groups"
COAST = [str(UUID(int=number)) for number in (1, 2)]
LAKE = str(UUID(int=3))
VERSION_1 = {"If-Match": '"1"'}


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


@pytest.fixture
async def group(api: Api, token: str) -> dict[str, Any]:
    """A group of two courts."""
    return await make(api, token, "Coast", COAST)


@pytest.fixture
async def invited(api: Api, token: str, clerk: str, group: dict[str, Any]) -> str:
    """The clerk, who is an administrator of the group's courts as well."""
    assert (await give(api, token, clerk, group)).status_code == 201
    return clerk


async def make(api: Api, token: str, name: str, courts: list[str]) -> dict[str, Any]:
    body = {"name": name, "courts": courts}
    made = await api.call("POST", GROUPS, token=token, json=body)
    assert made.status_code == 201, made.text
    group: dict[str, Any] = made.json()
    assert made.headers["Location"] == f"{GROUPS}/{group['id']}"
    return group


async def give(api: Api, token: str, email: str, group: dict[str, Any], **period: Any) -> Any:
    path = f"{USERS}/{await user_id(api, token, email)}/grants"
    body = {"role": "admin", "group_id": group["id"]} | period
    return await api.call("POST", path, token=token, json=body)


async def change(api: Api, token: str, group: dict[str, Any], **body: Any) -> Any:
    path = f"{GROUPS}/{group['id']}"
    return await api.call("PATCH", path, token=token, json=body, headers=VERSION_1)


def courts(access_token: str) -> Any:
    (claim,) = [each for each in claims_of(access_token)["grants"] if each["role"] == "admin"]
    return claim["courts"]


async def test_a_grant_by_a_group_is_at_its_courts(api: Api, auth: AuthUnits, invited: str) -> None:
    token = await api.token(invited)
    assert courts(token) == COAST
    held = await principals(auth, token)
    assert frozenset(map(UUID, COAST)) in held


async def principals(auth: AuthUnits, token: str) -> set[frozenset[UUID] | None]:
    """The courts that core is given for the caller of this token."""
    subject = UUID(claims_of(token)["sub"])
    async with auth.begin() as unit:
        held = await unit.get(UserService).grants_of_active([subject])
    return {grant.courts for grant in held[subject]}


async def test_a_change_of_a_group_is_in_force_for_its_holders_at_once(
    api: Api, auth: AuthUnits, token: str, invited: str, group: dict[str, Any]
) -> None:
    old = await api.token(invited)
    changed = await change(api, token, group, courts=[*COAST, LAKE])
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    stale_below = await auth.publisher.store.redis.get(f"ver:sub:{claims_of(old)['sub']}")
    assert stale_below is not None
    assert claims_of(old)["ver"] < int(stale_below)
    assert courts(await api.token(invited)) == [*COAST, LAKE]
    assert frozenset(map(UUID, [*COAST, LAKE])) in await principals(auth, old)
    listed = await api.call("GET", f"{USERS}?q={invited}", token=token)
    assert [*COAST, LAKE] in [each["courts"] for each in listed.json()["items"][0]["grants"]]


async def test_a_new_name_moves_no_token(
    api: Api, token: str, invited: str, group: dict[str, Any]
) -> None:
    before = claims_of(await api.token(invited))["ver"]
    assert (await change(api, token, group, name="The coast")).json()["name"] == "The coast"
    assert claims_of(await api.token(invited))["ver"] == before


async def test_a_long_group_travels_by_reference(api: Api, token: str, clerk: str) -> None:
    many = sorted(str(uuid4()) for _ in range(400))
    group = await make(api, token, "All of them", many)
    await give(api, token, clerk, group)
    signed_in = (await api.login(clerk)).json()
    assert len(signed_in["access_token"]) < 4096
    assert courts(signed_in["access_token"]) == court_list_reference(list(map(UUID, many)))


async def test_a_group_in_use_is_not_deleted(
    api: Api, token: str, invited: str, group: dict[str, Any]
) -> None:
    path = f"{GROUPS}/{group['id']}"
    refused = await api.call("DELETE", path, token=token, headers=VERSION_1)
    assert reason(refused) == (409, "group-in-use")
    grants = f"{USERS}/{await user_id(api, token, invited)}/grants"
    for grant in (await api.call("GET", grants, token=token)).json()["items"]:
        if grant["group_id"] == group["id"]:
            await api.call("DELETE", f"{grants}/{grant['id']}", token=token)
    assert (await api.call("DELETE", path, token=token)).status_code == 428
    assert (await api.call("DELETE", path, token=token, headers=VERSION_1)).status_code == 204
    assert (await api.call("GET", path, token=token)).status_code == 404


async def test_a_grant_that_is_over_keeps_the_courts_that_it_had(
    api: Api, token: str, clerk: str, group: dict[str, Any], clock: FrozenClock
) -> None:
    end = (clock.now() + timedelta(seconds=60)).isoformat()
    given = await give(api, token, clerk, group, expires_at=end)
    clock.advance(seconds=61)
    await change(api, token, group, courts=[LAKE])
    path = f"{USERS}/{await user_id(api, token, clerk)}/grants/{given.json()['id']}"
    assert (await api.call("GET", path, token=token)).json()["courts"] == COAST
    path = f"{GROUPS}/{group['id']}"
    headers = {"If-Match": '"2"'}
    assert (await api.call("DELETE", path, token=token, headers=headers)).status_code == 204


async def test_names_of_groups_are_unique(api: Api, token: str, group: dict[str, Any]) -> None:
    body = {"name": group["name"], "courts": [LAKE]}
    taken = await api.call("POST", GROUPS, token=token, json=body)
    assert reason(taken) == (409, "group-name-taken")
    other = await make(api, token, "Lake", [LAKE])
    assert reason(await change(api, token, other, name=group["name"])) == (409, "group-name-taken")


async def test_a_group_cannot_give_a_holder_more_courts_than_a_user_may_have(
    api: Api, token: str, clerk: str, group: dict[str, Any]
) -> None:
    many = [str(uuid4()) for _ in range(300)]
    await give(api, token, clerk, await make(api, token, "Many", many))
    await give(api, token, clerk, group)
    refused = await change(api, token, group, courts=[str(uuid4()) for _ in range(201)])
    assert refused.json()["errors"][0]["code"] == "courts-too-many"
    assert (await change(api, token, group, courts=[LAKE])).status_code == 200


async def test_an_administrator_adds_no_court_to_a_group_of_their_own(
    api: Api, auth: AuthUnits, token: str, admin: str, group: dict[str, Any]
) -> None:
    other = await api.token(await another_admin(auth, "second@masijala.example"))
    assert (await give(api, other, admin, group)).status_code == 201
    added = await change(api, token, group, courts=[*COAST, LAKE])
    assert reason(added) == (403, "self-elevation")
    assert (await change(api, token, group, courts=COAST[:1])).status_code == 200


async def test_a_grant_names_courts_or_a_group_that_exists(
    api: Api, token: str, clerk: str, group: dict[str, Any]
) -> None:
    path = f"{USERS}/{await user_id(api, token, clerk)}/grants"
    for courts_too in ({}, {"courts": "*", "group_id": group["id"]}):
        body = {"role": "viewer"} | courts_too
        assert (await api.call("POST", path, token=token, json=body)).status_code == 422
    body = {"role": "viewer", "group_id": str(uuid4())}
    unknown = await api.call("POST", path, token=token, json=body)
    assert unknown.json()["errors"][0]["code"] == "group-unknown"


async def test_groups_are_for_administrators_of_all_courts(
    api: Api, invited: str, group: dict[str, Any]
) -> None:
    own = await api.token(invited)
    assert (await api.call("GET", GROUPS, token=own)).status_code == 403
    assert (await change(api, own, group, courts=[LAKE])).status_code == 403
