"""Calls between services: what is tried again, what is passed on, how a token is kept."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
import stamina

from common import context
from common.http_client import (
    ClientCredentials,
    ServiceClient,
    UpstreamRefused,
    UpstreamUnavailable,
    basic_credentials,
)


@pytest.fixture(autouse=True)
def _no_waiting() -> None:
    stamina.set_testing(True, attempts=3, cap=True)


def client_for(
    handler: Callable[[httpx.Request], httpx.Response], **options: object
) -> ServiceClient:
    return ServiceClient("http://auth", transport=httpx.MockTransport(handler), **options)  # type: ignore[arg-type]  # passed through as they are


class Flaky:
    """Fails a number of times, then answers."""

    def __init__(self, failures: int, status: int | None = None) -> None:
        self.calls = 0
        self._failures = failures
        self._status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls > self._failures:
            return httpx.Response(200, json={"calls": self.calls})
        if self._status is None:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(self._status)


@pytest.mark.parametrize("status", [None, 502, 503, 504])
async def test_an_idempotent_call_is_retried_after_transient_failures(status: int | None) -> None:
    upstream = Flaky(2, status)
    assert (await client_for(upstream).get("/x")).json() == {"calls": 3}


async def test_a_post_is_sent_once_unless_declared_harmless() -> None:
    upstream = Flaky(1)
    with pytest.raises(UpstreamUnavailable):
        await client_for(upstream).post("/x", json={})
    assert upstream.calls == 1
    harmless = Flaky(1)
    await client_for(harmless).post("/x", json={}, idempotent=True)
    assert harmless.calls == 2


async def test_an_unavailable_upstream_is_a_503_and_the_last_answer_is_preserved() -> None:
    with pytest.raises(UpstreamUnavailable) as caught:
        await client_for(Flaky(99)).get("/x")
    assert caught.value.headers["Retry-After"] == "1"
    assert (await client_for(Flaky(99, 503)).get("/x")).status == 503


async def test_the_request_id_goes_along() -> None:
    seen: list[str | None] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("X-Request-ID"))
        return httpx.Response(204)

    token = context.request_id.set("abc-12345")
    try:
        await client_for(handler).get("/x")
    finally:
        context.request_id.reset(token)
    await client_for(handler).get("/x")
    assert seen == ["abc-12345", None]


class Issuer:
    """A token endpoint that counts."""

    def __init__(self) -> None:
        self.issued = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == basic_credentials("core", "s:ecret")
        self.issued += 1
        return httpx.Response(200, json={"access_token": f"t{self.issued}", "expires_in": 300})

    def credentials(self) -> ClientCredentials:
        return ClientCredentials(
            client_for(self),
            client_id="core",
            client_secret="s:ecret",
            resource="auth",
            scope="users:read",
        )


async def test_many_callers_share_one_token() -> None:
    issuer = Issuer()
    source = issuer.credentials()
    assert await asyncio.gather(*(source.token() for _ in range(20))) == ["t1"] * 20
    assert issuer.issued == 1


async def test_a_refused_token_is_replaced_once() -> None:
    issuer = Issuer()

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer t2" else 401)

    client = client_for(handler, tokens=issuer.credentials())
    assert (await client.get("/x")).status == 200
    assert issuer.issued == 2


async def test_a_wrong_secret_is_an_upstream_error_and_not_the_callers() -> None:
    source = ClientCredentials(
        client_for(lambda _: httpx.Response(401)),
        client_id="core",
        client_secret="wrong",
        resource="auth",
        scope="users:read",
    )
    with pytest.raises(UpstreamRefused):
        await source.token()


def test_basic_credentials_are_form_encoded_first() -> None:
    # RFC 6749, 2.3.1: "a:b" and "c d" become a%3Ab and c%20d before they are joined.
    assert basic_credentials("a:b", "c d") == "Basic YSUzQWI6YyUyMGQ="
