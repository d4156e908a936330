"""Passkeys in Chromium, by its virtual authenticator: made, signed in with, alone and as a second
factor.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from e2e.chromium import running_chromium
from e2e.frontends import ALLOWED_PORT, call, frontend
from e2e.letters import mailed_token
from e2e.targets import Target
from playwright.sync_api import Page

pytestmark = pytest.mark.e2e

PASSWORD = "eleven quiet herons by the ford"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
CREATE = """async (options) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await navigator.credentials.create({publicKey})).toJSON();
}"""
GET = """async (options) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({publicKey})).toJSON();
}"""


@pytest.fixture
def page(target: Target) -> Iterator[Page]:
    """A page of an allowed origin, on a machine with a finger print reader."""
    if target.authority is not None:
        pytest.skip("there the passkeys' domain is an address, which no browser takes")
    with running_chromium(target) as chromium, frontend(ALLOWED_PORT, None) as origin:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(origin)
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield page
        context.close()


@pytest.fixture
def email(target: Target, anyone: httpx.Client, as_admin: httpx.Client) -> str:
    """The address of a user who has accepted an invitation."""
    email = f"{uuid4()}@masijala.example"
    body = {"email": email, "name": "Asha Kamau"}
    answer = as_admin.post("/api/v1/users", json=body, headers={"Idempotency-Key": email})
    assert answer.status_code == 201, answer.text
    reset = {"token": mailed_token(target, email), "new_password": PASSWORD}
    assert anyone.post("/api/v1/auth/password/reset", json=reset).status_code == 204
    return email


def test_a_passkey_is_made_and_then_signs_in_with_and_without_a_password(
    target: Target, page: Page, email: str
) -> None:
    api = f"{target.url.replace('127.0.0.1', 'localhost')}/api/v1/auth"
    credentials = {"email": email, "password": PASSWORD}

    def send(path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return call(page, "POST", f"{api}{path}", body, **headers)

    token = send("/login", credentials)["body"]["access_token"]
    begun = send("/factors/passkeys/options", {}, token)["body"]
    made = {"passkey": page.evaluate(CREATE, begun["options"]), "name": "Counter 3"}
    added = send("/factors/passkeys", made | {"challenge_token": begun["challenge_token"]}, token)
    assert added["status"] == 200, added
    assert len(added["body"]["recovery_codes"]) == 10

    wanted = send("/login", credentials)
    assert (wanted["status"], wanted["body"]["code"]) == (401, "factor-required")
    for options, challenge, amr in (
        (wanted["body"]["passkey"], wanted["body"], ["pwd", "pop", "mfa"]),
        (None, send("/login/passkey", {})["body"], ["pop", "mfa"]),
    ):
        passkey = page.evaluate(GET, options or challenge["options"])
        answer = {"challenge_token": challenge["challenge_token"], "passkey": passkey}
        signed_in = send("/login/factor", answer)
        assert signed_in["status"] == 200, signed_in
        assert signed_in["body"]["user"]["email"] == email
        bearer = f"Bearer {signed_in['body']['access_token']}"
        me = call(page, "GET", f"{api}/me", Authorization=bearer)
        assert me["body"]["session"]["amr"] == amr
