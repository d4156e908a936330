"""The policy service in this process, called as Traefik calls it, on the session's Valkey."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import httpx
import pytest
import redis.asyncio
from pydantic import SecretStr

from common.http_client import ServiceClient
from gateway import wiring
from gateway.app import serving as serving_app
from gateway.policy.quotas import Quota
from gateway.routes import RouteTable, Upstream
from gateway.settings import GatewaySettings
from testkit.gateway.issuer import ISSUER, Issuer
from testkit.revocations import declare_complete

SECRET = "0123456789abcdef0123456789abcdef-for-tests"
ORIGIN = "http://localhost:3000"
PEER = "127.0.0.1"
WIDE = Quota(10_000)
DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {"title": "Echo", "version": "9.9.9"},
    "paths": {"/api/v1/echo": {"get": {"responses": {}}}, "/internal/v1/users": {"get": {}}},
}
Ask = Callable[..., Awaitable[httpx.Response]]
Serving = Callable[..., AbstractAsyncContextManager[Ask]]


@pytest.fixture
async def valkey(clean_redis_url: str) -> AsyncIterator[redis.asyncio.Redis]:
    """The Valkey that the policy uses, with a revocation store that auth has filled."""
    client = redis.asyncio.Redis.from_url(clean_redis_url, decode_responses=True)
    with redis.Redis.from_url(clean_redis_url) as store:
        declare_complete(store)
    yield client
    await client.aclose()


@pytest.fixture
def stop_auth(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Auth and core answer in this process; a call makes the keys unavailable."""
    stopped: list[bool] = []
    answers: dict[str, Any] = {
        "/.well-known/jwks.json": issuer.jwks(),
        "/openapi.json": DESCRIPTION,
        "/readyz": {"status": "ok"},
    }

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503 if stopped else 200, json=answers[request.url.path])

    client = partial(ServiceClient, transport=httpx.MockTransport(answer))
    monkeypatch.setattr(wiring, "ServiceClient", client)
    return lambda: stopped.append(True)


@pytest.fixture
def serving(
    redis_url: str,
    valkey: redis.asyncio.Redis,  # noqa: ARG001 - filled before any policy asks it
    stop_auth: Callable[[], None],  # noqa: ARG001 - the services answer before any policy asks them
) -> Serving:
    """Serves with these settings; quotas are wide unless the test is about them."""

    @asynccontextmanager
    async def serve(**changes: Any) -> AsyncIterator[Ask]:
        values: dict[str, Any] = {
            "redis_url": redis_url,
            "issuer": ISSUER,
            "assertion_secret": SecretStr(SECRET),
            "allowed_origins": (ORIGIN,),
            **dict.fromkeys(("quota_user", "quota_ip", "quota_login"), WIDE),
            **dict.fromkeys(("quota_write", "quota_upload")),
        }
        if "redis_url" not in changes:
            # On a busy machine the local quotas would stand in after 150 ms, the default.
            values["redis_timeout_seconds"] = 5
        settings = GatewaySettings(**values | changes)
        async with (
            serving_app(wiring.wire(settings)) as app,
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://policy"
            ) as client,
        ):
            yield asker(client, RouteTable(settings.routes))

    return serve


def asker(client: httpx.AsyncClient, routes: RouteTable) -> Ask:
    """Asks about a client's request: 200 with what is for the service, or the client's answer."""

    async def ask(
        method: str, path: str, token: str | None = None, *headers: tuple[str, str]
    ) -> httpx.Response:
        seen = [*headers, ("X-Forwarded-For", PEER), ("X-Forwarded-Proto", "http")]
        if token is not None:
            seen.append(("Authorization", f"Bearer {token}"))
        row = routes.match(method, path.partition("?")[0]).route
        if row.upstream is Upstream.GATEWAY:
            return await client.request(method, f"/edge{path}", headers=seen)
        seen += [("X-Forwarded-Method", method), ("X-Forwarded-Uri", path)]
        return await client.get(f"/verify/{row.name}", headers=seen)

    return ask


@pytest.fixture
async def ask(serving: Serving) -> AsyncIterator[Ask]:
    """Asks a policy with wide quotas."""
    async with serving() as ask:
        yield ask
