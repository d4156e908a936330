"""Accounts of one registry, made as an older system's are: imported, then signed in."""

import csv
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from passlib.context import CryptContext

from devstack.environment import auth_environment
from devstack.provisioning import auth_command
from devstack.stack import Stack

PASSWORD: Final = "eleven quiet herons by the ford"
# Cheap: what a hash costs is no subject here.
HASH: Final = CryptContext(["bcrypt"], bcrypt__rounds=4).hash(PASSWORD)
COLUMNS: Final = ("email", "name", "password_hash", "role", "courts")


@dataclass(frozen=True, slots=True)
class Account:
    """Who to make: a name, a role and its court."""

    name: str
    role: str
    court: str

    @property
    def email(self) -> str:
        return f"{self.name}@roads.example"


def make(stack: Stack, accounts: Sequence[Account], folder: Path) -> None:
    """Make the accounts by the operator's command."""
    file = folder / "users.csv"
    with file.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        writer.writerows((each.email, each.name, HASH, each.role, each.court) for each in accounts)
    subprocess.run(  # noqa: S603 - our own command
        auth_command("import-users", str(file)),
        env=auth_environment(stack.wiring),
        check=True,
        capture_output=True,
    )


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who is signed in at the gateway."""

    name: str
    client: httpx.Client
    tokens: dict[str, Any]

    @classmethod
    def sign_in(cls, url: str, email: str, password: str = PASSWORD) -> "Caller":
        """A separate session."""
        client = httpx.Client(base_url=url, timeout=30)
        credentials = {"email": email, "password": password}
        answer = client.post("/api/v1/auth/login", json=credentials)
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return cls(email.partition("@")[0], client, answer.json())

    def close(self) -> None:
        """Close its connections."""
        self.client.close()

    def refresh(self) -> None:
        """Take the next tokens, with the grants that are in force now."""
        body = {"refresh_token": self.tokens["refresh_token"]}
        answer = self.client.post("/api/v1/auth/refresh", json=body)
        assert answer.status_code == 200, answer.text
        self.tokens.update(answer.json())
        self.client.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request below /api/v1; the tests of a run may take longer than a token is valid."""
        answer = self.client.request(method, f"/api/v1{path}", **options)
        expired = answer.status_code == 401 and answer.json().get("code") == "token-expired"
        if not expired:
            return answer
        self.refresh()
        return self.client.request(method, f"/api/v1{path}", **options)

    def done(self, method: str, path: str, **options: Any) -> Any:
        """What a request answers, which must succeed."""
        answer = self.call(method, path, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None
