"""New users for tests of accounts, and what time would have done to them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString
from uuid import uuid4

import httpx
import psycopg
from e2e.letters import PASSWORD

from auth_service.fields import email_hash
from devstack.stack import Stack
from testkit.auth.directories import provider, secrets_of
from testkit.auth.factors import App

# A directory that never answers: its groups and accounts are there all the same.
ISSUER: Final = "https://login.ministry.example"


def directories(judiciary: str) -> dict[str, str]:
    """The Ministry, which does not answer, and the Judiciary with this issuer, which does."""
    known = [
        provider("ministry", ISSUER, label="The Ministry"),
        provider("judiciary", judiciary, label="The Judiciary"),
    ]
    return {
        "AUTH_OIDC_PROVIDERS": json.dumps(known),
        "AUTH_OIDC_CLIENT_SECRETS": secrets_of(*known),
    }


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    email: str
    password: str


def with_printed_code(admin: httpx.Client, role: str = "viewer") -> Account:
    """A user who has no password yet; the printed code is given as one."""
    email = f"otieno-{uuid4().hex[:8]}@masijala.example"
    body = {"email": email, "name": "Otieno Were", "grants": [{"role": role, "courts": "*"}]}
    made = admin.post("/users", json=body, headers={"Idempotency-Key": email})
    assert made.status_code == 201, made.text
    code = admin.post(f"/users/{made.json()['id']}/one-time-code")
    assert code.status_code == 200, code.text
    return Account(made.json()["id"], email, code.json()["code"])


def with_password(admin: httpx.Client, role: str = "viewer") -> Account:
    printed = with_printed_code(admin, role)
    refused = sign_in(admin, printed)
    reset = {"token": refused.json()["reset_token"], "new_password": PASSWORD}
    answer = admin.post("/auth/password/reset", json=reset, headers={"Authorization": ""})
    assert answer.status_code == 204, answer.text
    return Account(printed.id, printed.email, PASSWORD)


def sign_in(anyone: httpx.Client, account: Account) -> httpx.Response:
    """The answer to the password."""
    body = {"email": account.email, "password": account.password}
    return anyone.post("/auth/login", json=body, headers={"Authorization": ""})


def with_app(anyone: httpx.Client, account: Account) -> tuple[App, str]:
    """Sets up an authenticator app, and gives the token of the session in which it was done too."""
    token: str = sign_in(anyone, account).json()["access_token"]
    own = {"Authorization": f"Bearer {token}"}
    begun = anyone.post("/auth/factors/totp", json={"name": "Phone"}, headers=own)
    app = App(begun.json()["secret"])
    code = {"code": app.code(datetime.now(UTC))}
    added = anyone.post("/auth/factors/totp/confirm", json=code, headers=own)
    assert added.status_code == 200, added.text
    return app, token


def lock_password(stack: Stack, account: Account) -> None:
    """So many sign-ins have failed that the password is locked."""
    row = "INSERT INTO login_failures (email_hash, failures, last_failed_at)"
    _execute(stack, f"{row} VALUES (%s, 100, now())", email_hash(account.email))


def link_directory_account(stack: Stack, account: Account, issuer: str) -> None:
    """The user has signed in through a directory."""
    row = "INSERT INTO identities (id, user_id, issuer, subject, created_at, last_used_at)"
    values = "(gen_random_uuid(), %s, %s, %s, now(), now())"
    _execute(stack, f"{row} VALUES {values}", account.id, issuer, account.email)


def require_factor_now(stack: Stack, account: Account) -> None:
    """The time to set one up is over."""
    _execute(stack, "UPDATE users SET factor_due_at = now() WHERE id = %s", account.id)


def age_sessions(stack: Stack, account: Account) -> None:
    """An hour has passed since the user last showed who they are."""
    earlier = "UPDATE sessions SET authenticated_at = authenticated_at - interval '1 hour'"
    _execute(stack, earlier + " WHERE user_id = %s", account.id)


def _execute(stack: Stack, statement: LiteralString, *values: Any) -> None:
    with psycopg.connect(stack.wiring.auth_database_url) as connection:
        assert connection.execute(statement, values).rowcount > 0
