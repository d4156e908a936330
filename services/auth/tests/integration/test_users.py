"""Administration of users: finding, changing, granting; the last administrator stays."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.mail.jobs import MailWorker
from auth_service.seeding import Account, Seeding
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from common.identity import Grant, Role
from common.ids import uuid7
from common.writes import expected_version
from testkit.auth.accounts import USERS, another_admin, user_id
from testkit.auth.api import PASSWORD, Api, claims_of
from testkit.auth.mailbox import Mailbox

COURT = str(uuid4())
VERSION_1 = {"If-Match": '"1"'}


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


async def events(auth: AuthUnits, action: Action) -> list[AuditEvent]:
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == action)
        return list((await session.exec(statement.order_by(col(AuditEvent.sequence)))).all())


async def test_users_are_found_by_role_court_state_and_text(
    api: Api, auth: AuthUnits, token: str, clerk: str, viewer: str
) -> None:
    court = UUID(COURT)
    account = Account("local@x.example", "L%cal", PASSWORD, Grant(Role.VIEWER, frozenset({court})))
    await auth.get(Seeding).ensure([account])

    async def found(query: str) -> list[str]:
        answer = await api.call("GET", f"{USERS}?{query}", token=token)
        assert answer.status_code == 200
        return [item["email"].partition("@")[0] for item in answer.json()["items"]]

    assert await found("") == ["admin", "clerk", "local", "viewer"]
    assert await found("role=viewer") == ["local", "viewer"]
    assert await found(f"role=viewer&court={COURT}") == ["local", "viewer"]
    assert await found(f"role=data_entry&court={uuid4()}") == ["clerk"]
    assert await found(f"court={uuid4()}&role=admin") == ["admin"]
    assert await found("q=L%25c") == ["local"]
    assert await found("q=demo%20CLERK") == ["clerk"]
    assert await found("active=false") == []
    assert clerk
    assert viewer


async def test_the_list_comes_in_pages_that_fit_their_filter_only(
    api: Api, token: str, clerk: str, viewer: str
) -> None:
    assert clerk < viewer
    first = (await api.call("GET", f"{USERS}?limit=2&count=exact", token=token)).json()
    assert (len(first["items"]), first["total"]) == (2, 3)
    cursor = first["next_cursor"]
    rest = (await api.call("GET", f"{USERS}?limit=2&cursor={cursor}", token=token)).json()
    assert [item["email"] for item in rest["items"]] == [viewer]
    assert rest["next_cursor"] is None
    for changed in ("role=viewer", "locked=false", "active=true"):
        other = await api.call("GET", f"{USERS}?{changed}&cursor={cursor}", token=token)
        assert (other.status_code, other.json()["code"]) == (400, "cursor-invalid")


async def test_a_user_is_changed_only_from_the_version_that_was_read(
    api: Api, token: str, clerk: str
) -> None:
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    read = await api.call("GET", path, token=token)
    assert expected_version(read.headers["ETag"]) == 1
    body = {"name": "Grace"}
    assert (await api.call("PATCH", path, token=token, json=body)).status_code == 428
    changed = await api.call("PATCH", path, token=token, json=body, headers=VERSION_1)
    assert (changed.status_code, changed.json()["name"]) == (200, "Grace")
    assert changed.headers["ETag"] == '"2"'
    stale = await api.call("PATCH", path, token=token, json=body, headers=VERSION_1)
    assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
    assert stale.headers["ETag"] == '"2"'
    empty = await api.call("PATCH", path, token=token, json={}, headers={"If-Match": '"2"'})
    assert empty.status_code == 422


@pytest.mark.parametrize("if_match", ["*", " * "])
async def test_any_version_of_a_user_is_changed_for_a_star(
    api: Api, token: str, clerk: str, if_match: str
) -> None:
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    headers = {"If-Match": if_match}
    changed = await api.call("PATCH", path, token=token, json={"name": "Grace"}, headers=headers)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')


async def test_deactivating_ends_sessions_links_and_sign_in(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str, clerk: str
) -> None:
    theirs = (await api.login(clerk)).json()
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    assert (await api.call("POST", f"{path}/password-reset", token=token)).status_code == 202
    await auth.get(MailWorker).empty()
    body = {"is_active": False}
    off = await api.call("PATCH", path, token=token, json=body, headers=VERSION_1)
    assert (off.status_code, off.json()["is_active"]) == (200, False)
    assert await auth.publisher.store.redis.get(f"rev:sid:{theirs['session']['id']}") == "1"
    assert (await api.refresh(theirs["refresh_token"])).status_code == 401
    assert (await api.login(clerk)).status_code == 401
    reset = {"token": mailbox.newest_token(), "new_password": PASSWORD}
    refused = await api.call("POST", "/api/v1/auth/password/reset", json=reset)
    assert refused.json()["code"] == "reset-token-invalid"
    no_mail = await api.call("POST", f"{path}/password-reset", token=token)
    assert (no_mail.status_code, no_mail.json()["code"]) == (409, "user-inactive")
    back = {"is_active": True}
    version_2 = {"If-Match": '"2"'}
    on = await api.call("PATCH", path, token=token, json=back, headers=version_2)
    assert on.json()["is_active"] is True
    assert (await api.login(clerk)).status_code == 200
    assert (await api.refresh(theirs["refresh_token"])).status_code == 401


async def test_a_grant_makes_older_tokens_stale_and_can_be_removed(
    api: Api, auth: AuthUnits, clock: FrozenClock, token: str, clerk: str
) -> None:
    theirs = (await api.login(clerk)).json()
    id_ = theirs["user"]["id"]
    path = f"{USERS}/{id_}/grants"
    body = {"role": "viewer", "courts": [COURT], "expires_at": "2199-01-01T00:00:00Z"}
    added = await api.call("POST", path, token=token, json=body)
    assert (added.status_code, added.json()["courts"]) == (201, [COURT])
    assert added.headers["Location"] == f"{path}/{added.json()['id']}"
    current = int(await auth.publisher.store.redis.get(f"ver:sub:{id_}") or 0)
    assert claims_of(theirs["access_token"])["ver"] < current
    listed = (await api.call("GET", path, token=token)).json()["items"]
    assert [grant["role"] for grant in listed] == ["data_entry", "viewer"]
    clock.advance(seconds=5)
    removed = await api.call("DELETE", f"{path}/{added.json()['id']}", token=token)
    assert removed.status_code == 204
    assert int(await auth.publisher.store.redis.get(f"ver:sub:{id_}") or 0) > current
    assert (
        await api.call("DELETE", f"{path}/{added.json()['id']}", token=token)
    ).status_code == 404
    grants = (await api.refresh(theirs["refresh_token"])).json()["user"]["grants"]
    assert [grant["role"] for grant in grants] == ["data_entry"]
    removed = (await events(auth, Action.GRANT_REMOVE))[0]
    assert removed.details["grant_id"] == added.json()["id"]
    assert removed.ip


async def test_a_grant_is_found_only_under_its_own_user(
    api: Api, token: str, clerk: str, viewer: str
) -> None:
    clerk_id = await user_id(api, token, clerk)
    viewer_id = await user_id(api, token, viewer)
    listed = await api.call("GET", f"{USERS}/{clerk_id}/grants", token=token)
    grant = listed.json()["items"][0]["id"]
    wrong = await api.call("DELETE", f"{USERS}/{viewer_id}/grants/{grant}", token=token)
    assert wrong.status_code == 404


async def test_an_administrator_cannot_grant_themselves_a_role(
    api: Api, token: str, admin: str
) -> None:
    path = f"{USERS}/{await user_id(api, token, admin)}/grants"
    body = {"role": "data_entry", "courts": "*"}
    refused = await api.call("POST", path, token=token, json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "self-elevation")


async def test_a_former_administrator_cannot_continue_with_an_old_token(
    api: Api, auth: AuthUnits, token: str, clerk: str
) -> None:
    other = await another_admin(auth, "second@masijala.example")
    theirs = await api.token(other)
    path = f"{USERS}/{await user_id(api, token, other)}"
    grant = (await api.call("GET", path, token=token)).json()["grants"][0]["id"]
    assert (await api.call("DELETE", f"{path}/grants/{grant}", token=token)).status_code == 204
    clerk_path = f"{USERS}/{await user_id(api, token, clerk)}/grants"
    body = {"role": "admin", "courts": "*"}
    refused = await api.call("POST", clerk_path, token=theirs, json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission-denied")


async def test_an_administrator_of_one_court_administers_no_users(
    api: Api, auth: AuthUnits, clock: FrozenClock, clerk: str
) -> None:
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(clerk)
        assert user is not None
        await unit.get(UserService).add_grant(user, Grant(Role.ADMIN, frozenset({uuid7()})))
    clock.advance(seconds=2)
    refused = await api.call("GET", USERS, token=await api.token(clerk))
    assert (refused.status_code, refused.json()["code"]) == (403, "permission-denied")


async def test_administrators_see_and_end_sessions(
    api: Api, auth: AuthUnits, token: str, clerk: str
) -> None:
    one, two, three = [(await api.login(clerk)).json() for _ in range(3)]
    path = f"{USERS}/{one['user']['id']}/sessions"
    first = (await api.call("GET", f"{path}?limit=2&count=exact", token=token)).json()
    newest = [three["session"]["id"], two["session"]["id"]]
    assert [item["id"] for item in first["items"]] == newest
    assert (first["total"], first["items"][0]["current"]) == (3, False)
    rest = await api.call("GET", f"{path}?cursor={first['next_cursor']}", token=token)
    assert [item["id"] for item in rest.json()["items"]] == [one["session"]["id"]]
    ended = f"{path}/{two['session']['id']}"
    assert (await api.call("DELETE", ended, token=token)).status_code == 204
    assert (await api.call("DELETE", ended, token=token)).status_code == 404
    assert (await api.refresh(two["refresh_token"])).status_code == 401
    assert (await api.refresh(one["refresh_token"])).status_code == 200
    assert (await api.call("DELETE", path, token=token)).status_code == 204
    assert (await api.call("GET", path, token=token)).json()["items"] == []
    last = (await events(auth, Action.SESSION_END))[-1]
    assert (last.reason, str(last.subject_id)) == ("administrator", one["user"]["id"])


async def test_what_is_not_there_is_not_found(api: Api, token: str) -> None:
    missing = f"{USERS}/{uuid7()}"
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", missing, {}),
        ("PATCH", missing, {"json": {"name": "x"}, "headers": VERSION_1}),
        ("GET", f"{missing}/grants", {}),
        ("POST", f"{missing}/grants", {"json": {"role": "viewer", "courts": "*"}}),
        ("DELETE", f"{missing}/grants/{uuid7()}", {}),
        ("GET", f"{missing}/sessions", {}),
        ("DELETE", f"{missing}/sessions", {}),
        ("DELETE", f"{missing}/sessions/{uuid7()}", {}),
        ("POST", f"{missing}/password-reset", {}),
    ]
    for method, path, options in calls:
        response = await api.call(method, path, token=token, **options)
        assert (response.status_code, response.json()["code"]) == (404, "not-found"), path
