"""Accounts through the gateway: invited by mail, granted a role, seen in the log, deactivated."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest
from e2e.letters import mailed_token
from e2e.targets import Target

pytestmark = pytest.mark.e2e

REVOKED_SECONDS = 1.0
PASSWORD = "eleven quiet herons by the ford"


def refused_after(client: httpx.Client) -> tuple[float, str]:
    """How long a client's token is still accepted from now on, and the code that ends it."""
    started = monotonic()
    while monotonic() - started < 5 * REVOKED_SECONDS:
        answer = client.get("/api/v1/auth/me")
        if answer.status_code == 401:
            return monotonic() - started, str(answer.json()["code"])
    raise AssertionError("the token is still accepted")


@pytest.fixture
def email() -> str:
    return f"{uuid4()}@masijala.example"


@pytest.fixture
def invited(
    target: Target, anyone: httpx.Client, as_admin: httpx.Client, email: str
) -> dict[str, Any]:
    """A user who has accepted an invitation; the token answer of their first sign-in."""
    grants = [{"role": "viewer", "courts": "*"}]
    body = {"email": email, "name": "Asha Kamau", "grants": grants}
    answer = as_admin.post("/api/v1/users", json=body, headers={"Idempotency-Key": email})
    assert answer.status_code == 201, answer.text
    reset = {"token": mailed_token(target, email), "new_password": PASSWORD}
    assert anyone.post("/api/v1/auth/password/reset", json=reset).status_code == 204
    signed_in = anyone.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert signed_in.status_code == 200, signed_in.text
    tokens: dict[str, Any] = signed_in.json()
    return tokens


@pytest.fixture
def as_invited(clients: Callable[..., httpx.Client], invited: Mapping[str, Any]) -> httpx.Client:
    return clients({"Authorization": f"Bearer {invited['access_token']}"})


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


def new_case(as_admin: httpx.Client, court_id: str) -> dict[str, Any]:
    """A case to register at a court, under the next free number."""
    kind = as_admin.get("/api/v1/case-types").json()["items"][0]["id"]
    return {
        "court_id": court_id,
        "caseid_type": "HCCC",
        "filed_on": "2026-01-05",
        "case_type_id": kind,
    }
