"""A directory, on another server, signs its user out: here the sessions end everywhere."""

from collections.abc import Callable
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from e2e.refusals import REVOKED_SECONDS, refused_after
from e2e.targets import Target

from testkit.auth.directories import (
    CLIENT_ID,
    OIDC,
    VERIFIER,
    HostileDirectory,
    challenge_of,
    logout_claims,
    query_of,
)

pytestmark = pytest.mark.e2e

NAME = "scripted"


@pytest.fixture(autouse=True)
def _processes_alone(target: Target) -> None:
    if target.authority is not None:
        pytest.skip("the containers know no directory")


@pytest.fixture
def user(as_admin: httpx.Client, scripted: HostileDirectory) -> str:
    """The address of a user whom the directory knows as the subject of the same name."""
    email = f"{uuid4()}@masijala.example"
    body = {"email": email, "name": "Asha Kamau"}
    made = as_admin.post("/api/v1/users", json=body, headers={"Idempotency-Key": email})
    assert made.status_code == 201, made.text
    scripted.subject, scripted.email = email, email
    return email


def sign_in_there(
    anyone: httpx.Client, directory: HostileDirectory, **claims: str
) -> dict[str, Any]:
    """The token answer after a sign-in through the directory; cookies are for HTTPS, so by hand."""
    directory.claims = dict(claims)
    query = urlencode({"code_challenge": challenge_of(VERIFIER)})
    started = anyone.get(f"{OIDC}/{NAME}/start?{query}")
    there = query_of(started.headers["location"])
    directory.nonce = there["nonce"]
    given = {"state": there["state"], "code": "code-1", "iss": directory.issuer}
    path = urlsplit(there["redirect_uri"]).path
    cookie = started.headers["set-cookie"].partition(";")[0]
    back = anyone.get(f"{path}?{urlencode(given)}", headers={"Cookie": cookie})
    (code,) = parse_qs(urlsplit(back.headers["location"]).fragment)["code"]
    answer = anyone.post(f"{OIDC}/token", json={"code": code, "code_verifier": VERIFIER})
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def signed(directory: HostileDirectory, key: Any = None, **changes: Any) -> str:
    claims = logout_claims(directory, **changes)
    headers = {"kid": directory.kid, "typ": "logout+jwt"}
    return jwt.encode(claims, key or directory.signs_with, directory.algorithm, headers)


@pytest.mark.quiet
def test_a_logout_there_ends_every_session_here_within_a_second_and_a_false_one_ends_none(
    anyone: httpx.Client,
    clients: Callable[..., httpx.Client],
    scripted: HostileDirectory,
    user: str,
) -> None:
    def send(token: str) -> tuple[int, str | None]:
        answer = anyone.post(f"{OIDC}/{NAME}/logout", data={"logout_token": token})
        return answer.status_code, answer.json()["error"] if answer.content else None

    def signed_in(sid: str) -> httpx.Client:
        tokens = sign_in_there(anyone, scripted, sid=sid)
        assert tokens["user"]["email"] == user
        return clients({"Authorization": f"Bearer {tokens['access_token']}"})

    one, *others = [signed_in(sid) for sid in ("court", "phone", "home")]
    refused = (400, "invalid_request")
    right, long_ago = signed(scripted, sid="court"), int(time()) - 3600
    header, claims, signature = right.split(".")
    for false in (
        signed(scripted, ec.generate_private_key(ec.SECP256R1())),
        f"{header}.{claims}.{signature[::-1]}",
        signed(scripted, iat=long_ago, exp=long_ago + 120),
        signed(scripted, aud="another"),
        signed(scripted, aud=[CLIENT_ID, "another"]),
        signed(scripted, nonce="of an ID token"),
    ):
        assert send(false) == refused
    assert [each.get("/api/v1/auth/me").status_code for each in (one, *others)] == [200] * 3
    assert send(right) == (200, None)
    seconds, code = refused_after(one)
    assert (seconds < REVOKED_SECONDS, code) == (True, "token-revoked")
    assert [each.get("/api/v1/auth/me").status_code for each in others] == [200, 200]
    assert send(right) == refused, "replayed"
    assert send(signed(scripted)) == (200, None), "without a session there, all of them"
    assert all(refused_after(each)[0] < REVOKED_SECONDS for each in others)
