"""One's own account: who one is, one's sessions, one's password."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.seeding import Account, Seeding
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from common.identity import Grant, Role
from common.writes import expected_version
from testkit.auth.api import IP, PASSWORD, Api, claims_of

NEW_PASSWORD = "twelve green herons above a mill"
BREACHED = "nine purple zebras near a canal"
SESSIONS = "/api/v1/auth/sessions"
CHANGE = "/api/v1/auth/password/change"


@pytest.fixture
def settings_changes(tmp_path: Path) -> dict[str, Any]:
    """A list of breached passwords with one in it."""
    digest = hashlib.sha1(BREACHED.encode(), usedforsecurity=False).hexdigest().upper()
    file = tmp_path / "breached.txt"
    file.write_text(f"{'0' * 40}:1\n{digest}:3\n{'F' * 40}:2\n")
    return {"breached_passwords": file}


async def token_for(api: Api, email: str, password: str = PASSWORD) -> str:
    return str((await api.login(email, password)).json()["access_token"])


async def test_me_is_the_user_with_grants_permissions_and_session(api: Api, clerk: str) -> None:
    response = await api.me(await token_for(api, clerk))
    assert response.status_code == 200
    assert expected_version(response.headers["ETag"]) == 1
    body = response.json()
    assert (body["email"], body["name"], body["version"]) == (clerk, "Demo Clerk", 1)
    assert body["grants"] == [{"role": "data_entry", "courts": "*"}]
    assert "imports:write" in body["permissions"]
    assert "users:write" not in body["permissions"]
    assert body["session"]["current"] is True
    assert body["session"]["ip"] == IP


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/auth/me"),
        ("PATCH", "/api/v1/auth/me"),
        ("GET", SESSIONS),
        ("DELETE", SESSIONS),
        ("DELETE", f"{SESSIONS}/{uuid4()}"),
        ("POST", CHANGE),
    ],
)
async def test_an_anonymous_caller_must_sign_in(api: Api, method: str, path: str) -> None:
    bodies = {"PATCH": {"name": "x"}, "POST": {"current_password": "x", "new_password": "y"}}
    response = await api.call(method, path, headers={"If-Match": '"1"'}, json=bodies.get(method))
    assert response.status_code == 401
    assert response.json()["code"] == "unauthenticated"


async def test_a_name_changes_only_from_the_version_that_was_read(api: Api, clerk: str) -> None:
    token = await token_for(api, clerk)

    async def rename(name: str, **headers: str) -> tuple[int, dict[str, object]]:
        response = await api.call(
            "PATCH", "/api/v1/auth/me", token=token, json={"name": name}, headers=headers
        )
        return response.status_code, response.json()

    assert (await rename("Asha"))[0] == 428
    status, body = await rename("  Asha Kamau ", **{"If-Match": '"1"'})
    assert (status, body["name"], body["version"]) == (200, "Asha Kamau", 2)
    status, body = await rename("Someone", **{"If-Match": '"1"'})
    assert (status, body["current_version"]) == (412, 2)
    assert (await rename("", **{"If-Match": '"2"'}))[0] == 422
    status, body = await rename("Asha Njeri", **{"If-Match": "*"})
    assert (status, body["version"]) == (200, 3)


async def test_a_changed_grant_makes_older_tokens_stale_and_new_ones_good(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    old = (await api.login(clerk)).json()
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(clerk)
        assert user is not None
        await unit.get(UserService).add_grant(user, Grant(Role.ADMIN))
    not_before = int(await auth.publisher.store.redis.get(f"nbf:sub:{user.id}") or 0)
    assert old["session"]
    new = (await api.refresh(old["refresh_token"])).json()
    assert claims_of(old["access_token"])["iat"] < not_before
    assert claims_of(new["access_token"])["iat"] >= not_before
    assert [grant["role"] for grant in new["user"]["grants"]] == ["admin", "data_entry"]


async def test_sessions_are_listed_newest_first_in_pages(api: Api, clerk: str) -> None:
    answers = [await api.login(clerk, device_name=name) for name in ("one", "two", "three")]
    token = answers[-1].json()["access_token"]
    first = (await api.call("GET", f"{SESSIONS}?limit=2&count=exact", token=token)).json()
    assert [item["device_name"] for item in first["items"]] == ["three", "two"]
    assert [item["current"] for item in first["items"]] == [True, False]
    assert first["total"] == 3
    rest = await api.call("GET", f"{SESSIONS}?cursor={first['next_cursor']}", token=token)
    assert [item["device_name"] for item in rest.json()["items"]] == ["one"]
    assert rest.json()["next_cursor"] is None
    bad = await api.call("GET", f"{SESSIONS}?cursor=AAAA", token=token)
    assert (bad.status_code, bad.json()["code"]) == (400, "cursor-invalid")


async def test_users_can_end_one_of_their_sessions(api: Api, auth: AuthUnits, clerk: str) -> None:
    other, token = (await api.login(clerk)).json(), await token_for(api, clerk)
    path = f"{SESSIONS}/{other['session']['id']}"
    assert (await api.call("DELETE", path, token=token)).status_code == 204
    assert await auth.publisher.store.redis.get(f"rev:sid:{other['session']['id']}") == "1"
    assert (await api.refresh(other["refresh_token"])).status_code == 401
    assert (await api.call("DELETE", path, token=token)).status_code == 404
    assert (await api.me(token)).status_code == 200


async def test_a_session_of_another_user_is_not_found(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    viewer = Account("viewer@masijala.example", "Viewer", PASSWORD, Grant(Role.VIEWER))
    await auth.get(Seeding).ensure([viewer])
    theirs = (await api.login(viewer.email)).json()
    path = f"{SESSIONS}/{theirs['session']['id']}"
    assert (await api.call("DELETE", path, token=await token_for(api, clerk))).status_code == 404
    assert (await api.refresh(theirs["refresh_token"])).status_code == 200


async def test_all_other_sessions_can_be_ended_and_then_this_one(api: Api, clerk: str) -> None:
    other, mine = (await api.login(clerk)).json(), (await api.login(clerk)).json()
    token = mine["access_token"]
    ended = await api.call("DELETE", f"{SESSIONS}?keep_current=true", token=token)
    assert ended.status_code == 204
    assert (await api.refresh(other["refresh_token"])).status_code == 401
    assert (await api.me(token)).status_code == 200
    assert (await api.call("DELETE", SESSIONS, token=token)).status_code == 204
    assert (await api.refresh(mine["refresh_token"])).status_code == 401


async def test_other_sessions_can_be_ended_only_after_a_recent_sign_in(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    other, mine = (await api.login(clerk)).json(), (await api.login(clerk)).json()
    clock.advance(seconds=901)
    token = (await api.refresh(mine["refresh_token"])).json()["access_token"]
    path = f"{SESSIONS}/{other['session']['id']}"
    for wanted in (path, SESSIONS, f"{SESSIONS}?keep_current=true"):
        refused = await api.call("DELETE", wanted, token=token)
        assert (refused.status_code, refused.json()["code"]) == (403, "reauthentication-required")
    assert (await api.refresh(other["refresh_token"])).status_code == 200
    again = (await api.login(clerk)).json()["access_token"]
    assert (await api.call("DELETE", path, token=again)).status_code == 204
    own = f"{SESSIONS}/{mine['session']['id']}"
    assert (await api.call("DELETE", own, token=token)).status_code == 204


async def test_a_new_password_ends_all_other_sessions(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    other, mine = (await api.login(clerk)).json(), (await api.login(clerk)).json()
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    changed = await api.call("POST", CHANGE, token=mine["access_token"], json=body)
    assert changed.status_code == 204
    assert await auth.publisher.store.redis.get(f"rev:sid:{other['session']['id']}") == "1"
    assert (await api.refresh(other["refresh_token"])).status_code == 401
    assert (await api.refresh(mine["refresh_token"])).status_code == 200
    assert (await api.login(clerk)).status_code == 401
    assert (await api.login(clerk, NEW_PASSWORD)).status_code == 200


async def test_a_wrong_current_password_names_the_field_and_is_remembered(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    body = {"current_password": "a guess", "new_password": NEW_PASSWORD}
    refused = await api.call("POST", CHANGE, token=await token_for(api, clerk), json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "current_password"
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.PASSWORD_CHANGE)
        event = (await session.exec(statement)).one()
    assert (event.outcome, event.reason) == (EventOutcome.FAILURE, "wrong-password")


async def test_a_bad_new_password_is_refused_with_the_reason(api: Api, clerk: str) -> None:
    body = {"current_password": PASSWORD, "new_password": "short"}
    refused = await api.call("POST", CHANGE, token=await token_for(api, clerk), json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "password-too-short"


async def test_a_breached_password_is_refused_as_a_new_password(api: Api, clerk: str) -> None:
    body = {"current_password": PASSWORD, "new_password": BREACHED}
    refused = await api.call("POST", CHANGE, token=await token_for(api, clerk), json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "password-breached"


async def test_a_session_that_is_over_cannot_change_the_password(api: Api, clerk: str) -> None:
    mine = (await api.login(clerk)).json()
    await api.logout(mine["refresh_token"])
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    refused = await api.call("POST", CHANGE, token=mine["access_token"], json=body)
    assert refused.status_code == 401
    assert (await api.login(clerk)).status_code == 200
