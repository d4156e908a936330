"""Every answer has a request ID and, when it is an error, is a problem that gives nothing away."""

import asyncio
import json
import logging
from functools import partial

import httpx
import pytest
from fastapi import FastAPI

from common.assertions import AssertionMinter, RequestContext
from common.clock import FrozenClock
from common.health import Health, NotReady
from common.logs import configure_logging, redact

JSON = {"Content-Type": "application/json"}


async def test_a_valid_request_id_is_preserved_and_a_bad_one_replaced(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    preserved = await client.get("/who", headers={**anonymous, "X-Request-ID": "abc-12345"})
    assert preserved.headers["X-Request-ID"] == "abc-12345"
    for bad in ("short", "with space 123", "x" * 129, "<script>alert"):
        replaced = await client.get("/who", headers={**anonymous, "X-Request-ID": bad})
        assert replaced.headers["X-Request-ID"] != bad
        assert len(replaced.headers["X-Request-ID"]) == 36


@pytest.fixture
def carried(minter: AssertionMinter, clock: FrozenClock) -> dict[str, str]:
    """Headers with an assertion for one request, and others that claim something else."""
    context = RequestContext(
        rid="from-the-gateway",
        traceparent=f"00-{'a' * 32}-{'b' * 16}-01",
        tracestate='vendor="1"',
        ratelimit='"user";r=9;t=1',
        ratelimit_policy='"user";q=10',
    )
    return {
        "X-Gateway-Assertion": minter.mint({"ip": "192.0.2.7"}, clock.now(), context),
        "X-Request-ID": "from-the-client",
        "Traceparent": f"00-{'c' * 32}-{'d' * 16}-01",
        "X-Gateway-RateLimit": '"user";r=1000;t=1',
    }


async def test_the_assertion_alone_says_what_the_answer_carries(
    client: httpx.AsyncClient, carried: dict[str, str]
) -> None:
    answer = await client.get("/who", headers=carried)
    assert answer.headers["X-Request-ID"] == "from-the-gateway"
    assert answer.headers["RateLimit"] == '"user";r=9;t=1'
    assert answer.headers["RateLimit-Policy"] == '"user";q=10'


async def test_the_trace_goes_on_from_the_assertion(
    client: httpx.AsyncClient, carried: dict[str, str]
) -> None:
    assert (await client.get("/trace", headers=carried)).json() == {"trace": "a" * 32}


async def test_an_error_page_reports_the_quotas_of_its_request(
    client: httpx.AsyncClient, carried: dict[str, str]
) -> None:
    page = await client.get("/problem/502", headers=carried)
    assert page.headers["RateLimit"] == '"user";r=9;t=1'
    assert page.json()["request_id"] == "from-the-gateway"


async def test_an_assertion_for_another_service_says_nothing(
    client: httpx.AsyncClient, carried: dict[str, str], clock: FrozenClock
) -> None:
    context = RequestContext(rid="of-another-service", ratelimit='"user";r=9;t=1')
    foreign = AssertionMinter("other", "f" * 64).mint({"ip": "192.0.2.7"}, clock.now(), context)
    page = await client.get("/problem/502", headers=carried | {"X-Gateway-Assertion": foreign})
    assert "RateLimit" not in page.headers
    assert page.headers["X-Request-ID"] == "from-the-client"


async def test_a_domain_error_becomes_a_problem_with_the_request_id(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/clash", headers={"X-Request-ID": "abc-12345"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/conflict",
        "title": "The request conflicts with the present state",
        "status": 409,
        "detail": "Twice",
        "code": "conflict",
        "request_id": "abc-12345",
        "other": 7,
    }


async def test_an_unexpected_error_is_a_problem_without_details(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    answer = await client.get("/crash", headers={**anonymous, "X-Request-ID": "abc-12345"})
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] == "abc-12345"
    assert answer.json()["request_id"] == "abc-12345"
    assert "inner state" not in answer.text


async def test_a_failure_after_the_answer_began_cuts_the_connection(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    with pytest.raises(RuntimeError, match="after the start"):
        await client.get("/half", headers=anonymous)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"", 422, "body"),
        (b"{", 400, None),
        (b"[1]", 422, "body"),
        (b'{"text": 1}', 422, "text"),
        (b'{"text": "a", "count": "many"}', 422, "count"),
        (b'{"text": "a", "extra": 1}', 422, "extra"),
        (b'{"text": "a\\u0000b"}', 422, "text"),
        (b'{"text": "a", "\\ud800": 1}', 422, "body"),
        (b"{" + b",".join(b'"a%d":1' % i for i in range(200)) + b"}", 422, "body"),
        (b'{"text": "\\ud800"}', 422, "text"),
        (b"[" * 20_000, 400, None),
        (b'{"text": ' + b"9" * 5_000 + b"}", 400, None),
        (b"\xff\xfe", 400, None),
    ],
)
async def test_bad_bodies_are_refused_by_name(
    client: httpx.AsyncClient,
    anonymous: dict[str, str],
    body: bytes,
    status: int,
    field: str | None,
) -> None:
    answer = await client.post("/notes", content=body, headers={**anonymous, **JSON})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    if field is not None:
        assert answer.json()["errors"][0]["field"] == field


async def test_a_nul_in_the_query_is_refused_by_the_parameters_name(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    answer = await client.get("/notes?text=a%00b&other=1", headers=anonymous)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")
    assert [fault["field"] for fault in answer.json()["errors"]] == ["text"]


async def test_unknown_paths_and_methods_are_problems(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    assert (await client.get("/nowhere", headers=anonymous)).json()["code"] == "not-found"
    wrong = await client.delete("/notes", headers=anonymous)
    assert wrong.status_code == 405
    assert wrong.headers["allow"] == "OPTIONS, POST"
    assert wrong.json()["code"] == "method-not-allowed"


async def test_readiness_says_which_dependency_is_unavailable(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    async def broken() -> None:
        raise OSError

    async def refusing() -> None:
        raise NotReady("READONLY")

    app.state.health.checks = {"database": broken, "redis": refusing}
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "unavailable", "redis": "unavailable: READONLY"}


async def test_a_draining_service_is_alive_but_not_ready(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    app.state.health.draining = True
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/livez")).status_code == 200


async def test_a_service_that_drains_says_so_without_waiting_for_a_check() -> None:
    health = Health({"database": asyncio.Event().wait}, draining=True)
    async with asyncio.timeout(5):
        assert await health.report() == (False, {"service": "draining"})


async def test_a_check_may_be_late_but_not_for_ever() -> None:
    health = Health({"database": partial(asyncio.sleep, 0.05)}, check_seconds=5)
    assert await health.report() == (True, {"database": "ok"})
    health = Health({"database": asyncio.Event().wait}, check_seconds=0.05)
    assert await health.report() == (False, {"database": "unavailable"})


async def test_a_service_that_hands_its_port_over_stays_ready_while_it_drains() -> None:
    health = Health(hands_over=True)
    health.draining = True
    assert await health.report() == (True, {})


async def test_requests_are_counted_by_route(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    await client.get("/who", headers=anonymous)
    metrics = (await client.get("/metrics")).text
    assert 'http_requests_total{method="GET",route="/who",service="demo",status="200"}' in metrics


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_probes_and_scrapes_are_not_counted_among_requests(
    client: httpx.AsyncClient, path: str
) -> None:
    await client.get(path)
    assert f'route="{path}"' not in (await client.get("/metrics")).text


async def test_a_check_of_readiness_shows_which_dependency_is_up(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    async def broken() -> None:
        raise OSError

    async def whole() -> None:
        return

    app.state.health.checks = {"postgres": broken, "cache": whole}
    await client.get("/readyz")
    metrics = (await client.get("/metrics")).text
    assert 'dependency_up{dependency="postgres"} 0.0' in metrics
    assert 'dependency_up{dependency="cache"} 1.0' in metrics


def test_secrets_are_taken_out_of_log_lines() -> None:
    event = redact(None, "info", {"password": "a", "refresh_token": "b", "path": "/x"})
    assert event == {"password": "[redacted]", "refresh_token": "[redacted]", "path": "/x"}


def test_log_lines_are_json_with_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers, root.level
    try:
        configure_logging("demo")
        logging.getLogger("some.library").info("hello %s", "there")
    finally:
        root.handlers, root.level = before
    line = json.loads(capsys.readouterr().out)
    assert line["event"] == "hello there"
    assert line["service"] == "demo"
