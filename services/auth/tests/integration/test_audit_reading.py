"""Reading the audit log: one's own events, an administrator's search, the export."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from auth_service.audit import reading
from common.clock import FrozenClock
from testkit.auth.api import IP, Api

EVENTS = "/api/v1/audit-events"
ACTIVITY = "/api/v1/auth/activity"
WRONG = "not the password"


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


async def search(api: Api, token: str, **query: str) -> list[dict[str, Any]]:
    response = await api.call("GET", f"{EVENTS}?{urlencode(query)}", token=token)
    assert response.status_code == 200
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_users_see_only_their_own_events(
    api: Api, token: str, clerk: str, viewer: str
) -> None:
    await api.login(clerk, WRONG)
    mine = (await api.login(clerk)).json()
    await api.login(viewer)
    path = f"/api/v1/users/{mine['user']['id']}/grants"
    await api.call("POST", path, token=token, json={"role": "viewer", "courts": "*"})
    page = (await api.call("GET", ACTIVITY, token=mine["access_token"])).json()
    seen = [(item["action"], item["outcome"], item["by_me"]) for item in page["items"]]
    assert seen == [
        ("grant-add", "success", False),
        ("login", "success", True),
        ("login", "failure", False),
        ("grant-add", "success", False),
        ("user-create", "success", False),
    ]
    assert [item["ip"] for item in page["items"]][:3] == [None, IP, IP]
    assert "details" not in page["items"][0]


async def test_an_administrators_address_is_not_shown_to_the_user(
    api: Api, token: str, clerk: str
) -> None:
    mine = (await api.login(clerk)).json()
    path = f"/api/v1/users/{mine['user']['id']}/sessions/{mine['session']['id']}"
    await api.call("DELETE", path, token=token)
    own = (await api.login(clerk)).json()["access_token"]
    items = (await api.call("GET", ACTIVITY, token=own)).json()["items"]
    ended = next(item for item in items if item["action"] == "session-end")
    assert (ended["ip"], ended["user_agent"], ended["by_me"]) == (None, None, False)


async def test_the_events_of_a_user_come_in_pages(api: Api, clerk: str) -> None:
    token = await api.token(clerk)
    first = (await api.call("GET", f"{ACTIVITY}?limit=1&count=exact", token=token)).json()
    assert (len(first["items"]), first["total"]) == (1, 3)
    rest = await api.call("GET", f"{ACTIVITY}?cursor={first['next_cursor']}", token=token)
    assert len(rest.json()["items"]) == 2


async def test_events_are_found_by_every_filter(
    api: Api, token: str, clerk: str, clock: FrozenClock
) -> None:
    before = clock.now().isoformat()
    clock.advance(seconds=60)
    body = {"email": clerk, "password": WRONG}
    headers = {"X-Request-ID": "request-to-be-found", "User-Agent": "owl/1"}
    await api.call("POST", "/api/v1/auth/login", json=body, headers=headers)
    user = (await api.login(clerk)).json()["user"]["id"]
    (failed,) = await search(api, token, action="login", outcome="failure")
    assert failed["reason"] == "wrong-password"
    assert (failed["subject_id"], failed["actor_id"]) == (user, None)
    assert (failed["ip"], failed["user_agent"]) == (IP, "owl/1")
    assert await search(api, token, request_id="request-to-be-found") == [failed]
    assert failed in await search(api, token, subject=user)
    assert [item["action"] for item in await search(api, token, actor=user)] == ["login"]
    assert failed in await search(api, token, ip=IP)
    assert await search(api, token, ip="203.0.113.99") == []
    recent = await search(api, token, since=before)
    assert failed in recent
    moment = clock.now().isoformat()
    assert failed not in await search(api, token, until=moment)
    assert failed in await search(api, token, since=moment)
    sequences = [item["sequence"] for item in await search(api, token)]
    assert sequences == sorted(sequences, reverse=True)


@pytest.mark.parametrize(
    "query", ["action=dance", "actor=x", "since=2026-01-01T00:00:00", "ip=%00", "limit=0"]
)
async def test_a_malformed_filter_is_refused(api: Api, token: str, query: str) -> None:
    for path in (EVENTS, f"{EVENTS}/export"):
        refused = await api.call("GET", f"{path}?{query}", token=token)
        if refused.status_code == 200:
            assert (path, query) == (f"{EVENTS}/export", "limit=0")  # an export has no pages
        else:
            assert (refused.status_code, refused.json()["code"]) == (422, "validation-failed")


async def test_a_cursor_is_valid_only_for_its_filter(api: Api, token: str, clerk: str) -> None:
    await api.login(clerk)
    first = (await api.call("GET", f"{EVENTS}?action=login&limit=1", token=token)).json()
    cursor = first["next_cursor"]
    rest = await api.call("GET", f"{EVENTS}?action=login&limit=1&cursor={cursor}", token=token)
    assert rest.json()["items"][0]["sequence"] < first["items"][0]["sequence"]
    other = await api.call("GET", f"{EVENTS}?action=logout&cursor={cursor}", token=token)
    assert (other.status_code, other.json()["code"]) == (400, "cursor-invalid")


async def test_the_export_has_every_event_in_order_and_is_one_itself(
    api: Api, token: str, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH", 3)
    for _ in range(4):
        await api.login(clerk)
    listed = await search(api, token)
    response = await api.call("GET", f"{EVENTS}/export", token=token)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/x-ndjson"
    assert "attachment" in response.headers["Content-Disposition"]
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert lines[:-1] == listed[::-1]
    assert (lines[-1]["action"], lines[-1]["ip"]) == ("audit-export", IP)


async def test_a_filtered_export_notes_its_filter(api: Api, token: str, clerk: str) -> None:
    await api.login(clerk, WRONG)
    query = "action=login&outcome=failure"
    response = await api.call("GET", f"{EVENTS}/export?{query}", token=token)
    (line,) = response.text.splitlines()
    assert json.loads(line)["reason"] == "wrong-password"
    (noted,) = await search(api, token, action="audit-export")
    assert noted["details"] == {"filter": {"action": "login", "outcome": "failure"}}
