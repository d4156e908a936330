"""A running edge before a recording upstream, on the session's Valkey."""

import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import redis.asyncio
from pydantic import SecretStr

from gateway.policy.quotas import Quota
from gateway.settings import GatewaySettings
from gateway.testing.issuer import ISSUER, Issuer
from gateway.testing.running import SettingsFactory, serving_edge
from gateway.testing.upstream import EchoUpstream

SECRET = "0123456789abcdef0123456789abcdef-for-tests"
ORIGIN = "http://localhost:3000"


@pytest.fixture
async def upstream(issuer: Issuer) -> AsyncIterator[EchoUpstream]:
    async with EchoUpstream(issuer).running() as running:
        yield running


@pytest.fixture
async def valkey(clean_redis_url: str) -> AsyncIterator[redis.asyncio.Redis]:
    """The Valkey that the edge uses, with a revocation store that auth has filled."""
    client = redis.asyncio.Redis.from_url(clean_redis_url, decode_responses=True)
    await client.set("rev:generation", "1")
    yield client
    await client.aclose()


@pytest.fixture
def settings(
    upstream: EchoUpstream,
    redis_url: str,
    valkey: redis.asyncio.Redis,  # noqa: ARG001 - filled before any edge asks it
) -> SettingsFactory:
    """Settings for this test; quotas are wide unless the test is about them."""

    def make(**changes: Any) -> GatewaySettings:
        values: dict[str, Any] = {
            "redis_url": redis_url,
            "auth_url": upstream.url,
            "core_url": upstream.url,
            "issuer": ISSUER,
            "assertion_secret": SecretStr(SECRET),
            "allowed_origins": (ORIGIN,),
            "quota_user": Quota(10_000),
            "quota_ip": Quota(10_000),
            "quota_login": Quota(1_000),
            "quota_write": None,
            "quota_upload": None,
        }
        if "redis_url" not in changes:
            # Where Redis is well an edge waits for it on a busy machine, too: in 150 ms, the
            # default, the local quotas would stand in, which `test_parts_away` is about.
            values["redis_timeout_seconds"] = 5
        return GatewaySettings(**values | changes)

    return make


@pytest.fixture
async def edge(settings: SettingsFactory) -> AsyncIterator[str]:
    """The URL of an edge with wide quotas."""
    async with serving_edge(settings()) as url:
        yield url


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
