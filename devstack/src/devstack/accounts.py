"""Signs in at the gateway, for commands that run next to the stack."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import typer

from common.http_client import ServiceClient, ServiceResponse
from devstack.errors import StackError
from devstack.home import Home, read_json
from devstack.secrets import StackSecrets
from devstack.servers.ports import LOOPBACK
from devstack.settings import DevstackSettings
from devstack.stack import DEMO_DOMAIN

PASSWORD_VARIABLE: Final = "MASIJALA_PASSWORD"  # noqa: S105 - a variable's name


def gateway_address(settings: DevstackSettings) -> str:
    """Where the stack that runs from this home listens; else where it would."""
    running = read_json(Home(settings.home.expanduser().absolute()).running)
    return str(running.get("gateway_url") or f"http://{LOOPBACK}:{settings.port}")


def find_password(settings: DevstackSettings, email: str) -> str:
    """From the environment, from the demo stack's home, or typed in."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    if email.endswith(f"@{DEMO_DOMAIN}"):
        if settings.demo_password is not None:
            return settings.demo_password.get_secret_value()
        stored = read_json(Home(settings.home.expanduser().absolute()).secrets)
        if stored:
            return StackSecrets(**stored).demo_password
    typed: str = typer.prompt(f"Password of {email}", hide_input=True, err=True)
    return typed


@dataclass(slots=True)
class SignedIn:
    """Calls with a user's access token; signs in again when it has run out."""

    client: ServiceClient
    email: str
    password: str
    _token: str | None = None

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> ServiceResponse:
        """Send a request as the user; `options` are those of `Call`. Raises StackError."""
        for _ in range(2):
            if self._token is None:
                self._token = await self._sign_in()
            sent = {**(headers or {}), "Authorization": f"Bearer {self._token}"}
            response = await self.client.request(method, path, headers=sent, **options)
            if response.status != HTTPStatus.UNAUTHORIZED:
                return accepted(response)
            self._token = None  # it has run out during a long import
        raise StackError("the gateway refuses the token that it has just given: see auth's log")

    async def _sign_in(self) -> str:
        body = {"email": self.email, "password": self.password}
        response = accepted(await self.client.post("/api/v1/auth/login", json=body))
        return str(response.json()["access_token"])


def accepted(response: ServiceResponse) -> ServiceResponse:
    """The response, when it is a 2xx. Raises StackError with what the problem says."""
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return response
    try:
        problem = response.json()
        reason = f"{problem['detail']} ({problem['code']}, request {problem['request_id']})"
    except (ValueError, KeyError, TypeError):
        reason = f"HTTP status {response.status}"
    raise StackError(f"the gateway refused: {reason}")
