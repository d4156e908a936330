"""What operators see: metrics on their own port, the access line, drain, the check command."""

import asyncio
import json
import logging

import aiohttp
import pytest
import redis.asyncio
from typer.testing import CliRunner

from common.health import Health
from gateway.cli import app
from gateway.testing.issuer import ISSUER, Issuer
from gateway.testing.running import SettingsFactory, serving_edge
from gateway.testing.upstream import EchoUpstream

CASES = "/api/v1/cases"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_metrics_are_on_their_own_port_and_not_on_the_public_one(
    settings: SettingsFactory, free_port: int, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async with serving_edge(settings(metrics_port=free_port)) as edge:
        async with client.get(edge + CASES, headers=bearer(issuer.token())) as response:
            assert response.status == 200
        async with client.get(f"http://127.0.0.1:{free_port}/metrics") as response:
            text = await response.text()
        async with client.get(f"{edge}/metrics") as response:
            assert response.status == 404
    for metric in (
        'gateway_requests_total{method="GET",route="core-read",status="200"}',
        'gateway_decisions_total{reason="allowed"}',
        'gateway_token_cache_total{result="miss"}',
        "gateway_redis_trips_total",
        'gateway_request_duration_seconds_bucket{le="0.5",route="core-read"}',
    ):
        assert metric in text


async def test_one_access_line_per_request_without_its_query_or_token(
    settings: SettingsFactory,
    issuer: Issuer,
    client: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO, "access")
    token = issuer.token()
    async with serving_edge(settings()) as edge:
        path = f"{edge}{CASES}?email=a@b.example"
        async with client.get(path, headers=bearer(token)) as response:
            request_id = response.headers["X-Request-ID"]
    written = capsys.readouterr().out
    (line,) = [line for line in written.splitlines() if request_id in line]
    event = json.loads(line)
    assert (event["method"], event["path"], event["status"]) == ("GET", CASES, 200)
    assert (event["ip"], event["decision"]) == ("127.0.0.1", "allowed")
    assert token not in written
    assert "a@b.example" not in written


async def test_a_draining_edge_says_so_and_still_serves(
    settings: SettingsFactory, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    health = Health()
    async with serving_edge(settings(), health) as edge:
        health.draining = True
        async with client.get(f"{edge}/readyz") as response:
            assert response.status == 503
            assert (await response.json())["checks"] == {"gateway": "draining"}
        async with client.get(edge + CASES, headers=bearer(issuer.token())) as response:
            assert response.status == 200


async def test_check_explains_a_verdict(
    upstream: EchoUpstream, redis_url: str, valkey: redis.asyncio.Redis, issuer: Issuer
) -> None:
    claims = issuer.claims()
    environment = {
        "COLUMNS": "200",
        "GATEWAY_ASSERTION_SECRET": "0123456789abcdef0123456789abcdef",
        "GATEWAY_REDIS_URL": redis_url,
        "GATEWAY_AUTH_URL": upstream.url,
        "GATEWAY_ISSUER": ISSUER,
        "CHECK_TOKEN": issuer.sign(claims),
    }

    def check() -> str:
        return CliRunner().invoke(app, ["check", "GET", CASES], env=environment).output

    allowed = await asyncio.to_thread(check)
    assert "allow" in allowed
    assert claims["sub"] in allowed
    await valkey.set(f"rev:sid:{claims['sid']}", "1")
    assert "401 token-revoked" in await asyncio.to_thread(check)
