"""Signing in through a directory, in Chromium: from the frontend's page and back to it."""

from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import httpx
import pytest
from e2e.chromium import running_chromium
from e2e.frontends import ALLOWED_PORT, call, frontend
from e2e.targets import Target

from testkit.auth.directories import VERIFIER, RealDirectory, challenge_of

pytestmark = pytest.mark.e2e

OIDC = "/api/v1/auth/oidc"


def test_a_user_signs_in_by_the_directorys_page(
    target: Target, ministry: RealDirectory, as_admin: httpx.Client
) -> None:
    if target.authority is not None:
        pytest.skip("the containers know no directory")
    email = f"{uuid4()}@masijala.example"
    mapping = {"provider": "ministry", "group": email, "role": "viewer", "courts": "*"}
    made = as_admin.post("/api/v1/group-mappings", json=mapping, headers={"Idempotency-Key": email})
    assert made.status_code == 201, made.text
    invited = {"email": email, "name": "Asha Kamau"}
    as_admin.post("/api/v1/users", json=invited, headers={"Idempotency-Key": f"{email}-2"})
    ministry.put(email, email=email, email_verified=True, groups=[email])

    with running_chromium(target) as chromium, frontend(ALLOWED_PORT, None) as origin:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(origin)
        listed = call(page, "GET", f"{target.url}{OIDC}", None)["body"]["items"]
        start = {each["id"]: each["start"] for each in listed}["ministry"]
        query = urlencode({"code_challenge": challenge_of(VERIFIER)})
        page.goto(f"{start}?{query}")
        page.get_by_placeholder("sub").fill(email)
        page.get_by_role("button", name="Authorize").click()
        page.wait_for_url(f"{origin}/signed-in*")
        returned = parse_qs(urlsplit(page.url).fragment)
        body = {"code": returned["code"][0], "code_verifier": VERIFIER, "delivery": "cookie"}
        answer = call(page, "POST", f"{target.url}{OIDC}/token", body)
        assert answer["status"] == 200, answer
        assert answer["body"]["user"]["email"] == email
        assert [each["role"] for each in answer["body"]["user"]["grants"]] == ["viewer"]
        token = answer["body"]["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        assert call(page, "GET", f"{target.url}/api/v1/cases", None, **bearer)["status"] == 200
        again = call(page, "POST", f"{target.url}{OIDC}/token", body)
        assert (again["status"], again["body"]["code"]) == (401, "sign-in-code-invalid")
        refused = httpx.post(f"{target.url}{OIDC}/ministry/logout", data={"logout_token": token})
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
        assert call(page, "GET", f"{target.url}/api/v1/cases", None, **bearer)["status"] == 200
        context.close()
    log = target.log("auth") + target.log("gateway")
    assert returned["code"][0] not in log
    assert VERIFIER not in log
