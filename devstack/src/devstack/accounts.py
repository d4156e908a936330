"""Signs in at the gateway, for commands that run next to the stack."""

import os
from collections.abc import Callable, Mapping
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
AUTH: Final = "/api/v1/auth"
DIGITS_OF_A_CODE: Final = 6


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


def ask_for_code() -> str:
    """The second factor of a user who has one; it works once, so that it has no variable."""
    question = "Code of your authenticator app, or a recovery code"
    typed: str = typer.prompt(question, hide_input=True, err=True)
    return typed


@dataclass(slots=True)
class SignedIn:
    """Calls with a user's access token; takes the next when it has run out."""

    client: ServiceClient
    email: str
    password: str
    ask: Callable[[], str] = ask_for_code
    _token: str | None = None
    _refresh: str | None = None

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> ServiceResponse:
        """Send a request as the user; `options` are those of `Call`. Raises StackError."""
        for _ in range(2):
            if self._token is None:
                self._token = await self._next_token()
            sent = {**(headers or {}), "Authorization": f"Bearer {self._token}"}
            response = await self.client.request(method, path, headers=sent, **options)
            if response.status != HTTPStatus.UNAUTHORIZED:
                return accepted(response)
            self._token = None  # it has run out during a long import
        raise StackError("the gateway refuses the token that it has just given: see auth's log")

    async def _next_token(self) -> str:
        answer = accepted(await self._refreshed() or await self._sign_in()).json()
        self._refresh = answer.get("refresh_token")
        return str(answer["access_token"])

    async def _refreshed(self) -> ServiceResponse | None:
        """The answer to the refresh token, unless there is none or its session has ended."""
        if self._refresh is None:
            return None
        body = {"refresh_token": self._refresh}
        response = await self.client.post(f"{AUTH}/refresh", json=body)
        return response if response.status == HTTPStatus.OK else None

    async def _sign_in(self) -> ServiceResponse:
        body = {"email": self.email, "password": self.password}
        response = await self.client.post(f"{AUTH}/login", json=body)
        if response.status != HTTPStatus.UNAUTHORIZED:
            return response
        problem = response.json()
        if problem.get("code") != "factor-required":
            return response
        code = self.ask().strip()
        digits = code.replace(" ", "")
        is_code = digits.isdecimal() and len(digits) == DIGITS_OF_A_CODE
        proof = {"code": digits} if is_code else {"recovery_code": code}
        body = {"challenge_token": problem["challenge_token"], **proof}
        return await self.client.post(f"{AUTH}/login/factor", json=body)


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
