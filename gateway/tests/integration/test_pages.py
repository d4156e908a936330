"""What the gateway answers itself, without a service."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

Ask = Callable[..., Awaitable[httpx.Response]]
PAGE = ("Origin", "http://localhost:3000")
ECHO = "/api/v1/echo"


@pytest.fixture
async def described(ask: Ask) -> httpx.Response:
    """The description of the API, once both services' are read."""
    async with asyncio.timeout(10):
        while (answer := await ask("GET", "/openapi.json")).status_code != 200:
            assert (answer.status_code, answer.json()["code"]) == (503, "upstream-unavailable")
            await asyncio.sleep(0.02)
    return answer


async def test_probes_and_versions_are_answered_and_never_stored(ask: Ask) -> None:
    ready = await ask("GET", "/readyz")
    states = dict.fromkeys(("redis", "keys", "auth", "core"), "ok")
    assert (ready.status_code, ready.json()["checks"]) == (200, states)
    health = await ask("GET", "/api/v1/system/health")
    assert health.json() == ready.json()
    version = await ask("GET", "/api/v1/system/version")
    assert version.json()["version"] == "0.1.0"
    for answer in (await ask("GET", "/livez"), ready, health, version):
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_description_is_without_internal_paths_and_named_by_its_content(
    ask: Ask, described: httpx.Response
) -> None:
    assert list(described.json()["paths"]) == [ECHO]
    known = ("If-None-Match", described.headers["ETag"])
    assert (await ask("GET", "/openapi.json", None, known)).status_code == 304
    versions = (await ask("GET", "/api/v1/system/version")).json()["services"]
    assert versions == {"auth": "9.9.9", "core": "9.9.9"}


async def test_the_documentation_is_a_page_that_may_load_only_from_here(ask: Ask) -> None:
    page = await ask("GET", "/docs")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    known = ("If-None-Match", page.headers["ETag"])
    assert (await ask("GET", "/docs", None, known)).status_code == 304


async def test_a_preflight_names_the_methods_that_the_path_really_takes(
    ask: Ask, described: httpx.Response
) -> None:
    requested_method = ("Access-Control-Request-Method", "GET")
    assert described.status_code == 200
    allowed = "Access-Control-Allow-Methods"
    answer = await ask("OPTIONS", ECHO, None, PAGE, requested_method)
    assert (answer.status_code, answer.headers[allowed]) == (204, "GET, HEAD, OPTIONS")
    other = await ask("OPTIONS", "/api/v1/other", None, PAGE, requested_method)
    assert other.headers[allowed] == "DELETE, GET, HEAD, PATCH, POST, PUT, OPTIONS"


async def test_options_without_a_page_says_which_methods_there_are(
    ask: Ask, described: httpx.Response
) -> None:
    assert described.status_code == 200
    answer = await ask("OPTIONS", ECHO)
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
