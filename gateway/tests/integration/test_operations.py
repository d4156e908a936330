"""What operators see: metrics, the line of a refusal, the check command."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import redis.asyncio
from prometheus_client import generate_latest
from typer.testing import CliRunner

from gateway.cli import app
from testkit.gateway.issuer import ISSUER, Issuer

Ask = Callable[..., Awaitable[httpx.Response]]
CASES = "/api/v1/cases"


async def test_metrics_cover_decisions_the_token_cache_and_redis(ask: Ask, issuer: Issuer) -> None:
    assert (await ask("GET", CASES, issuer.token())).status_code == 200
    text = generate_latest().decode()
    for metric in (
        'gateway_decisions_total{reason="allowed"}',
        'gateway_token_cache_total{result="miss"}',
        "gateway_redis_trips_total",
        "gateway_redis_calls_total",
    ):
        assert metric in text


async def test_a_refusal_is_one_line_without_its_query_or_token(
    ask: Ask, issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "access")
    token = issuer.token(iss="https://elsewhere.example")
    answer = await ask("GET", f"{CASES}?email=a@b.example", token)
    (record,) = [each for each in caplog.records if each.name == "access"]
    event: Any = record.msg
    assert event["request_id"] == answer.headers["X-Request-ID"]
    assert (event["method"], event["route"], event["status"]) == ("GET", "core-read", 401)
    assert (event["ip"], event["decision"]) == ("127.0.0.1", "token-invalid")
    assert token not in caplog.text
    assert "a@b.example" not in caplog.text


async def test_check_explains_a_decision(
    stop_auth: Callable[[], None],  # noqa: ARG001 - auth answers until it is called
    redis_url: str,
    valkey: redis.asyncio.Redis,
    issuer: Issuer,
) -> None:
    claims = issuer.claims()
    environment = {
        "COLUMNS": "200",
        "GATEWAY_ASSERTION_SECRET": "0123456789abcdef0123456789abcdef",
        "GATEWAY_REDIS_URL": redis_url,
        "GATEWAY_REDIS_TIMEOUT_SECONDS": "5",
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
    environment["GATEWAY_STEP_UP_OPERATIONS"] = f"GET {CASES}"
    assert (await asyncio.to_thread(check))[-1].startswith("verdict: 403 step-up-required")
    await valkey.set(f"rev:sid:{claims['sid']}", "1")
    revoked = await asyncio.to_thread(check)
    assert revoked[-1].startswith("verdict: 401 token-revoked")
    environment["CHECK_TOKEN"] = issuer.sign(claims | {"exp": 1})
    expired = await asyncio.to_thread(check)
    assert expired[3] == "4 token: refused: expired"
    assert expired[6] == "7 identity: none: the request goes no further"
