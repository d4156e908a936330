"""Accounts through the gateway: invited by mail, granted a role, seen in the log, deactivated."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from e2e.letters import PASSWORD, mailed_token
from e2e.refusals import REVOKED_SECONDS, refused_after
from e2e.targets import Target

pytestmark = pytest.mark.e2e


@pytest.mark.quiet
def test_an_invited_user_gets_a_role_and_loses_access_within_a_second(
    anyone: httpx.Client,
    as_admin: httpx.Client,
    as_invited: httpx.Client,
    invited: dict[str, Any],
) -> None:
    path = f"/api/v1/users/{invited['user']['id']}"
    assert as_invited.get("/api/v1/users").status_code == 403
    grant = {"role": "data_entry", "courts": "*"}
    assert as_admin.post(f"{path}/grants", json=grant).status_code == 201
    seconds, code = refused_after(as_invited)
    assert (seconds < REVOKED_SECONDS, code) == (True, "token-stale")
    refresh = {"refresh_token": invited["refresh_token"]}
    renewed = anyone.post("/api/v1/auth/refresh", json=refresh).json()
    assert [held["role"] for held in renewed["user"]["grants"]] == ["data_entry", "viewer"]
    as_invited.headers["Authorization"] = f"Bearer {renewed['access_token']}"
    assert as_invited.get("/api/v1/auth/me").status_code == 200
    version = {"If-Match": as_admin.get(path).headers["ETag"]}
    off = as_admin.patch(path, json={"is_active": False}, headers=version)
    assert off.status_code == 200, off.text
    seconds, _ = refused_after(as_invited)
    assert seconds < REVOKED_SECONDS


def test_what_happened_is_in_the_users_activity_and_in_the_export(
    as_admin: httpx.Client, as_invited: httpx.Client, invited: dict[str, Any]
) -> None:
    own = as_invited.get("/api/v1/auth/activity").json()["items"]
    assert {"login", "password-reset", "invitation"} <= {event["action"] for event in own}
    query = {"subject": invited["user"]["id"]}
    found = as_admin.get("/api/v1/audit-events", params=query).json()["items"]
    assert all(event["ip"] for event in found)
    with as_admin.stream("GET", "/api/v1/audit-events/export", params=query) as export:
        assert export.headers["Content-Type"] == "application/x-ndjson"
        assert len(list(export.iter_lines())) == len(found)


def test_a_forgotten_password_is_answered_alike_for_known_and_unknown_addresses(
    anyone: httpx.Client,
) -> None:
    addresses = ("viewer@masijala.example", "unknown@masijala.example")
    answers = [
        anyone.post("/api/v1/auth/password/forgot", json={"email": address})
        for address in addresses
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content


@pytest.mark.quiet
def test_an_address_is_changed_by_the_new_one_and_undone_by_the_old_one(
    target: Target, anyone: httpx.Client, as_invited: httpx.Client, email: str
) -> None:
    new_email = f"new-{email}"
    invitation = mailed_token(target, email)
    body = {"email": new_email, "current_password": PASSWORD}
    assert as_invited.post("/api/v1/auth/email/change", json=body).status_code == 202
    undo = {"token": mailed_token(target, email, after=invitation)}
    confirm = {"token": mailed_token(target, new_email)}
    assert anyone.post("/api/v1/auth/email/confirm", json=confirm).status_code == 204
    assert as_invited.get("/api/v1/auth/me").json()["email"] == new_email
    assert anyone.post("/api/v1/auth/email/undo", json=undo).status_code == 204
    seconds, _ = refused_after(as_invited)
    assert seconds < REVOKED_SECONDS
    refused = anyone.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid-credentials")
    again = anyone.post("/api/v1/auth/email/undo", json=undo)
    assert (again.status_code, again.json()["code"]) == (400, "email-link-invalid")


def test_a_printed_code_gives_a_first_password_and_no_session(
    anyone: httpx.Client, as_admin: httpx.Client, email: str
) -> None:
    made = as_admin.post("/api/v1/users", json={"email": email, "name": "Asha Kamau"}).json()
    path = f"/api/v1/users/{made['id']}"
    code = as_admin.post(f"{path}/one-time-code").json()["code"]
    refusal = anyone.post("/api/v1/auth/login", json={"email": email, "password": code})
    assert (refusal.status_code, refusal.json()["code"]) == (401, "password-change-required")
    as_refresh = {"refresh_token": refusal.json()["reset_token"]}
    assert anyone.post("/api/v1/auth/refresh", json=as_refresh).status_code == 401
    reset = {"token": refusal.json()["reset_token"], "new_password": PASSWORD}
    assert anyone.post("/api/v1/auth/password/reset", json=reset).status_code == 204
    signed_in = anyone.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert signed_in.status_code == 200
    seen = as_admin.get(path).json()
    assert (seen["one_time_code"], seen["last_sign_in_at"] is not None) == (None, True)


def test_a_registered_service_gets_tokens_until_it_is_removed(
    anyone: httpx.Client, as_admin: httpx.Client
) -> None:
    name = f"test-{uuid4().hex[:12]}"
    body = {"client_id": name, "scopes": ["users:read"], "audiences": ["auth"]}
    made = as_admin.post("/api/v1/service-clients", json=body)
    assert made.status_code == 201, made.text

    def ask() -> int:
        form = {"grant_type": "client_credentials", "resource": "auth"}
        credentials = (name, made.json()["client_secret"])
        return anyone.post("/api/v1/auth/token", data=form, auth=credentials).status_code

    assert ask() == 200
    version = {"If-Match": made.headers["ETag"]}
    assert as_admin.delete(made.headers["Location"], headers=version).status_code == 204
    assert ask() == 401


def test_a_clerk_of_five_hundred_courts_works_and_refreshes(
    anyone: httpx.Client, as_admin: httpx.Client, as_invited: httpx.Client, invited: dict[str, Any]
) -> None:
    own = as_admin.get("/api/v1/courts").json()["items"][0]["id"]
    courts = [own, *(str(uuid4()) for _ in range(499))]
    path = f"/api/v1/users/{invited['user']['id']}/grants"
    granted = as_admin.post(path, json={"role": "data_entry", "courts": courts})
    assert granted.status_code == 201, granted.text
    more = as_admin.post(path, json={"role": "data_entry", "courts": [str(uuid4())]})
    assert (more.status_code, more.json()["errors"][0]["code"]) == (422, "courts-too-many")
    refresh = {"refresh_token": invited["refresh_token"]}
    renewed = anyone.post("/api/v1/auth/refresh", json=refresh).json()
    assert len(renewed["access_token"]) < 4096
    as_invited.headers["Authorization"] = f"Bearer {renewed['access_token']}"
    made = as_invited.post("/api/v1/cases", json=new_case(as_admin, own))
    assert made.status_code == 201, made.text
    elsewhere = as_invited.post("/api/v1/cases", json=new_case(as_admin, str(uuid4())))
    assert elsewhere.status_code in {403, 422}


def test_a_grant_is_in_force_from_its_begin_to_its_end(
    anyone: httpx.Client, as_admin: httpx.Client, as_invited: httpx.Client, invited: dict[str, Any]
) -> None:
    court = as_admin.get("/api/v1/courts").json()["items"][0]["id"]
    case, refresh_token = new_case(as_admin, court), invited["refresh_token"]

    def register() -> int:
        nonlocal refresh_token
        renewed = anyone.post("/api/v1/auth/refresh", json={"refresh_token": refresh_token}).json()
        refresh_token = renewed["refresh_token"]
        as_invited.headers["Authorization"] = f"Bearer {renewed['access_token']}"
        return as_invited.post("/api/v1/cases", json=case).status_code

    begin = datetime.now(UTC) + timedelta(seconds=3)
    end = begin + timedelta(seconds=4)
    grant = {
        "role": "data_entry",
        "courts": [court],
        "begins_at": begin.isoformat(),
        "expires_at": end.isoformat(),
    }
    path = f"/api/v1/users/{invited['user']['id']}/grants"
    assert as_admin.post(path, json=grant).status_code == 201
    seen: list[tuple[datetime, int, datetime]] = []
    while not seen or seen[-1][0] < end:
        seen.append((datetime.now(UTC), register(), datetime.now(UTC)))
        sleep(0.3)
    seen.append((datetime.now(UTC), register(), datetime.now(UTC)))
    # Tokens expire in the whole second before a change; what overlaps with it may be either.
    second = timedelta(seconds=1)
    assert {code for sent, code, got in seen if got < begin - second or sent > end} == {403}
    assert {code for sent, code, got in seen if sent > begin and got < end - second} == {201}


@pytest.mark.quiet
def test_the_token_after_150_changes_of_grants_is_valid_at_once(
    anyone: httpx.Client,
    new_account: Callable[[], httpx.Client],
    as_invited: httpx.Client,
    invited: dict[str, Any],
) -> None:
    path, by = f"/api/v1/users/{invited['user']['id']}/grants", new_account()

    def give_and_take(_: int) -> None:
        given = by.post(path, json={"role": "data_entry", "courts": "*"})
        assert given.status_code == 201, given.text
        assert by.delete(f"{path}/{given.json()['id']}").status_code == 204

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(give_and_take, range(75)))
    seconds, code = refused_after(as_invited)
    assert (seconds < REVOKED_SECONDS, code) == (True, "token-stale")
    refresh = {"refresh_token": invited["refresh_token"]}
    token = anyone.post("/api/v1/auth/refresh", json=refresh).json()["access_token"]
    as_invited.headers["Authorization"] = f"Bearer {token}"
    for read in ("/api/v1/auth/me", "/api/v1/cases"):
        assert as_invited.get(read).status_code == 200, read
    keys = jwt.PyJWKSet.from_dict(anyone.get("/.well-known/jwks.json").json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    assert jwt.decode(token, key, audience="masijala")["ver"] >= 150


def new_case(as_admin: httpx.Client, court_id: str) -> dict[str, Any]:
    """A case to register at a court, under the next free number."""
    kind = as_admin.get("/api/v1/case-types").json()["items"][0]["id"]
    return {
        "court_id": court_id,
        "caseid_type": "HCCC",
        "filed_on": "2026-01-05",
        "case_type_id": kind,
    }
