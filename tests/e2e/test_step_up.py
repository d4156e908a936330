"""Giving access to others requires that the second factor was shown a short time ago (RFC 9470)."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from e2e.letters import PASSWORD
from e2e.targets import Processes, Target

from testkit.auth.factors import FACTORS, LOGIN_FACTOR, STEP_UP, App

pytestmark = pytest.mark.e2e


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_an_administrator_shows_the_factor_again_to_give_a_role(
    target: Target, anyone: httpx.Client, as_admin: httpx.Client, email: str
) -> None:
    if not isinstance(target, Processes):
        pytest.skip("a sign-in becomes old in the database of a stack of processes")

    def post(path: str, token: str | None = None, **body: Any) -> httpx.Response:
        return anyone.post(path, json=body, headers=bearer(token) if token else {})

    target.create_admin(email, PASSWORD)
    first = post("/api/v1/auth/login", email=email, password=PASSWORD).json()["access_token"]
    app = App(post(f"{FACTORS}/totp", first).json()["secret"])
    confirmed = post(f"{FACTORS}/totp/confirm", first, code=app.code(datetime.now(UTC)))
    spare, other = confirmed.json()["recovery_codes"][:2]
    challenge = post("/api/v1/auth/login", email=email, password=PASSWORD).json()
    assert challenge["code"] == "factor-required"
    shown = {"challenge_token": challenge["challenge_token"], "recovery_code": spare}
    tokens = post(LOGIN_FACTOR, **shown).json()

    invited = {"email": f"{uuid4()}@masijala.example", "name": "Asha Kamau"}
    user = as_admin.post("/api/v1/users", json=invited).json()
    grants, grant = f"/api/v1/users/{user['id']}/grants", {"role": "viewer", "courts": "*"}
    with psycopg.connect(target.stack.wiring.auth_database_url) as connection:
        connection.execute(
            "UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE id = %s",
            [tokens["session"]["id"]],
        )
    renewed = post("/api/v1/auth/refresh", refresh_token=tokens["refresh_token"]).json()

    refused = post(grants, renewed["access_token"], **grant)
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"].endswith("step-up-required")
    wanted = (refused.json()["acr_values"], refused.json()["max_age"])
    assert wanted == ("aal2", 300)
    assert refused.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_user_authentication", acr_values="aal2", max_age="300"'
    )
    reading = anyone.get(grants, headers=bearer(renewed["access_token"]))
    assert reading.status_code == 200, "only giving access requires it"

    stepped_up = post(STEP_UP, renewed["access_token"], recovery_code=other)
    assert stepped_up.status_code == 200, stepped_up.text
    given = post(grants, stepped_up.json()["access_token"], **grant)
    assert given.status_code == 201, given.text
    assert post(grants, renewed["access_token"], **grant).status_code == 403, "the old token"
