"""Calls auth's app as the gateway does: with an assertion made from the user's access token."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Final

from common.assertions import NO_CONTEXT, AssertionMinter, RequestContext
from common.clock import Clock

IP: Final = "203.0.113.7"
AUTHENTICATION: Final = ("amr", "acr", "auth_time")
PASSWORD: Final = "seven brown owls under the old bridge"  # noqa: S105 - made up


def claims_of(access_token: str) -> dict[str, Any]:
    """The claims of a token, unverified."""
    payload = access_token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * 3))
    return claims


@dataclass(frozen=True, slots=True)
class Api:
    """An in-process client of auth. `client` is an `httpx.AsyncClient`, named in tests alone."""

    client: Any
    minter: AssertionMinter
    clock: Clock
    context: RequestContext = NO_CONTEXT

    def assertion(self, access_token: str | None = None) -> str:
        """The gateway's assertion for this token, or for an anonymous caller."""
        claims: dict[str, Any] = {"ip": IP}
        if access_token is not None:
            token = claims_of(access_token)
            claims |= {name: token[name] for name in ("sub", "sid", "grants", *AUTHENTICATION)}
        return self.minter.mint(claims, self.clock.now(), self.context)

    async def call(
        self, method: str, path: str, *, token: str | None = None, **options: Any
    ) -> Any:
        """Send a request as the gateway forwards it; the response is httpx's."""
        headers = {"X-Gateway-Assertion": self.assertion(token), **options.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **options)

    async def login(self, email: str, password: str = PASSWORD, **options: Any) -> Any:
        """The response to signing in."""
        body = {"email": email, "password": password, **options}
        return await self.call("POST", "/api/v1/auth/login", json=body)

    async def token(self, email: str, password: str = PASSWORD) -> str:
        """The access token of a new session."""
        return str((await self.login(email, password)).json()["access_token"])

    async def refresh(self, refresh_token: str) -> Any:
        """The response to refreshing by body."""
        body = {"refresh_token": refresh_token}
        return await self.call("POST", "/api/v1/auth/refresh", json=body)

    async def logout(self, refresh_token: str) -> Any:
        """The response to signing out by body."""
        body = {"refresh_token": refresh_token}
        return await self.call("POST", "/api/v1/auth/logout", json=body)

    async def me(self, access_token: str) -> Any:
        """The response to GET /auth/me."""
        return await self.call("GET", "/api/v1/auth/me", token=access_token)
