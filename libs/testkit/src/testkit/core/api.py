"""Calls core's app as the gateway does, with an assertion of who is calling."""

from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

import jwt

from common.assertions import AssertionMinter
from common.clock import Clock
from common.identity import Grant, Role
from common.ids import uuid7
from testkit.core.auth import FakeAuth

IP: Final = "203.0.113.7"


@dataclass(frozen=True, slots=True)
class Api:
    """An in-process client of core. `client` is an `httpx.AsyncClient`, named in tests alone.

    It calls without credentials; `user` and `bearer` give clients with credentials, whose grants
    `auth` knows from then on.
    """

    client: Any
    minter: AssertionMinter
    clock: Clock
    claims: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    auth: FakeAuth = field(default_factory=FakeAuth)

    def user(self, role: Role, *courts: UUID, user_id: UUID | None = None) -> "Api":
        """A client that calls as a user with a role on these courts; on all when none is named."""
        return self.granted(Grant(role, frozenset(courts) or None), user_id=user_id)

    def granted(self, *grants: Grant, user_id: UUID | None = None) -> "Api":
        """A client that calls as a user with these grants."""
        user_id = user_id or uuid7()
        self.auth.grant(user_id, *grants)
        claims = {
            "sub": str(user_id),
            "sid": str(uuid7()),
            "amr": ["pwd"],
            "grants": [grant.to_claim() for grant in grants],
        }
        return replace(self, claims=claims)

    def bearer(self, token: str) -> "Api":
        """A client that calls as a service with this token."""
        claims = jwt.decode(token, options={"verify_signature": False})
        self.auth.allow(claims["client_id"], *claims["scope"].split())
        return replace(self, token=token)

    @property
    def user_id(self) -> UUID:
        return UUID(self.claims["sub"])

    async def call(self, method: str, path: str, **options: Any) -> Any:
        """Send a request under /api/v1; the response is httpx's."""
        headers = self._identity() | options.pop("headers", {})
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **options)

    async def get(self, path: str, **params: Any) -> Any:
        """The response to a GET with these query parameters."""
        return await self.call("GET", path, params=params)

    async def post(
        self, path: str, body: Any = None, *, key: str | None = None, seen: str | None = None
    ) -> Any:
        """The response to a POST, with an Idempotency-Key and If-Match where these are given."""
        headers = {"Idempotency-Key": key} if key else {}
        headers |= {"If-Match": seen} if seen else {}
        return await self.call("POST", path, json=body, headers=headers)

    async def delete(self, path: str, *, version: int | None, **params: Any) -> Any:
        """The response to a DELETE, with If-Match when a version is given."""
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        return await self.call("DELETE", path, params=params, headers=headers)

    async def patch(self, path: str, body: Any, *, version: int | None) -> Any:
        """The response to a PATCH, with If-Match when a version is given."""
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        return await self.call("PATCH", path, json=body, headers=headers)

    def _identity(self) -> dict[str, str]:
        if self.token is not None:
            return {"Authorization": f"Bearer {self.token}"}
        assertion = self.minter.mint({"ip": IP} | self.claims, self.clock.now())
        return {"X-Gateway-Assertion": assertion}
