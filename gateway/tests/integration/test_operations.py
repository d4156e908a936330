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

    def check(*options: str) -> list[str]:
        command = ["check", "GET", CASES, *options]
        return CliRunner().invoke(app, command, env=environment).output.splitlines()

    forwarded = ("-H", "X-Forwarded-For: 192.0.2.7", "--header", "X-Request-ID: of-the-client")
    allowed = await asyncio.to_thread(check, *forwarded)
    assert [line.partition(":")[0] for line in allowed] == [
        "1 correlation", "2 syntax", "3 address", "4 token", "5 route", "6 revocation and quotas",
        "7 identity", "verdict",
    ]  # fmt: skip
    assert "of-the-client (kept)" in allowed[0]
    assert "127.0.0.1 (X-Forwarded-For ignored), admitted" in allowed[2]
    assert f"user {claims['sub']}" in allowed[3]
    assert "core-read" in allowed[4]
    assert '"user";q=600;w=60' in allowed[5]
    assert f"an assertion for core that names {claims['sub']}" in allowed[6]
    assert allowed[7] == "verdict: allow"
    environment["GATEWAY_TRUSTED_PROXIES"] = "127.0.0.0/8"
    believed = await asyncio.to_thread(check, *forwarded)
    assert "192.0.2.7 (by X-Forwarded-For), admitted" in believed[2]
    await valkey.set(f"rev:sid:{claims['sid']}", "1")
    revoked = await asyncio.to_thread(check)
    assert revoked[-1].startswith("verdict: 401 token-revoked")
    environment["CHECK_TOKEN"] = issuer.sign(claims | {"exp": 1})
    expired = await asyncio.to_thread(check)
    assert expired[3] == "4 token: refused: expired"
    assert expired[6] == "7 identity: none: the request goes no further"
