"""Sessions survive restarts of auth and Redis; reuse of a spent token is still detected.

The stack's own processes are killed and started again. FULL_COUNTS=1 goes on for longer.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import aiohttp
import pytest
from bare_stack import UNHURRIED, bare_stack, demo_credentials
from failure.memory_loss import empty_redis

from devstack.stack import Stack

FULL = os.environ.get("FULL_COUNTS") == "1"
ROUNDS = 20 if FULL else 3
PARALLEL = 64
# The longest that there is: a browser that got no answer asks again when auth is back.
WINDOW_SECONDS = 30
PATIENCE_SECONDS = 60.0
REFRESH = "/api/v1/auth/refresh"
UNAVAILABLE = frozenset({502, 503, 504})
ENVIRONMENT = UNHURRIED | {
    "AUTH_HASH_MEMORY_KIB": "64",
    "AUTH_REFRESH_WINDOW_SECONDS": str(WINDOW_SECONDS),
}

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900 if FULL else 300)]


@pytest.fixture(scope="module")
def stack(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with bare_stack(runner, tmp_path_factory.mktemp("sessions"), ENVIRONMENT) as stack:
        yield stack


class Browser:
    """Calls the gateway, again while parts of the stack are unavailable."""

    def __init__(self, http: aiohttp.ClientSession, password: str) -> None:
        self._http = http
        self._password = password

    async def call(
        self, method: str, path: str, token: str | None = None, body: Any = None
    ) -> tuple[int, Any]:
        """The status, and the body if there is one."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            # An answer that is cut off, because auth was killed within it, is a lost answer.
            with suppress(aiohttp.ClientPayloadError):
                async with self._http.request(method, path, headers=headers, json=body) as answer:
                    content = await answer.read()
                    if answer.status not in UNAVAILABLE or monotonic() > deadline:
                        return answer.status, await answer.json() if content else None
            await asyncio.sleep(0.05)

    async def sign_in(self, account: str) -> dict[str, Any]:
        credentials = demo_credentials(account, self._password)
        status, tokens = await self.call("POST", "/api/v1/auth/login", body=credentials)
        assert status == 200, tokens
        assert isinstance(tokens, dict)
        return tokens

    async def refresh(self, token: str) -> tuple[int, Any]:
        return await self.call("POST", REFRESH, body={"refresh_token": token})


@asynccontextmanager
async def browser(stack: Stack) -> AsyncIterator[Browser]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(stack.base_url, connector=connector) as http:
        yield Browser(http, stack.password)


async def restart_auth(stack: Stack) -> None:
    await stack.kill("auth")
    await stack.restart("auth")


async def restart_both(stack: Stack) -> None:
    await asyncio.gather(restart_auth(stack), empty_redis(stack))


@pytest.mark.parametrize("trouble", [restart_auth, empty_redis, restart_both])
def test_parallel_refreshes_across_a_crash_leave_one_chain_of_tokens(
    runner: asyncio.Runner, stack: Stack, trouble: Callable[[Stack], Any]
) -> None:
    async def scenario() -> None:
        async with browser(stack) as client:
            token = (await client.sign_in("clerk"))["refresh_token"]
            for _ in range(ROUNDS):
                refreshes = [asyncio.create_task(client.refresh(token)) for _ in range(PARALLEL)]
                await asyncio.wait(refreshes, return_when=asyncio.FIRST_COMPLETED)
                await trouble(stack)
                answers = await asyncio.gather(*refreshes)
                assert {status for status, _ in answers} == {200}, answers
                (token,) = {body["refresh_token"] for _, body in answers}
            status, body = await client.refresh(token)
            assert status == 200, body

    runner.run(scenario())


def test_browsers_refresh_while_auth_and_redis_are_restarted(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> None:
        async with browser(stack) as client:
            jars = [(await client.sign_in("clerk"))["refresh_token"] for _ in range(3)]
            for turn in range(ROUNDS):
                trouble = (restart_auth, empty_redis, restart_both)[turn % 3]
                crash = asyncio.create_task(trouble(stack))
                while not crash.done():
                    for number, jar in enumerate(jars):
                        status, body = await client.refresh(jar)
                        assert status == 200, body
                        jars[number] = body["refresh_token"]
                await crash

    runner.run(scenario())


async def events_of_reuse(client: Browser, session_id: str) -> list[dict[str, Any]]:
    token = (await client.sign_in("admin"))["access_token"]
    path = "/api/v1/audit-events?action=refresh-reuse"
    _, page = await client.call("GET", path, token)
    return [event for event in page["items"] if event["session_id"] == session_id]


async def until_warned(stack: Stack, letters_before: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(list(stack.home.mail.glob("*.eml"))) == letters_before:  # noqa: ASYNC110 - a job writes it
            await asyncio.sleep(0.05)


def test_a_spent_token_ends_the_session_after_auth_and_redis_were_restarted(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> None:
        async with browser(stack) as client:
            first = await client.sign_in("clerk")
            _, second = await client.refresh(first["refresh_token"])
            over = monotonic() + WINDOW_SECONDS + 1
            await restart_both(stack)
            letters = len(list(stack.home.mail.glob("*.eml")))
            await asyncio.sleep(over - monotonic())
            status, refused = await client.refresh(first["refresh_token"])
            assert (status, refused["code"]) == (401, "refresh-token-reused")
            status, refused = await client.refresh(second["refresh_token"])
            assert (status, refused["code"]) == (401, "refresh-token-invalid")
            status, _ = await client.call("GET", "/api/v1/auth/me", second["access_token"])
            assert status == 401
            (event,) = await events_of_reuse(client, first["session"]["id"])
            assert event["outcome"] == "denied"
            assert event["ip"]
            assert event["request_id"]
            await until_warned(stack, letters)

    runner.run(scenario())
