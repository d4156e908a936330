"""A service works on so many requests at once, and refuses what is over that."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.access_tokens import TokenRules
from common.admission import Admission, InFlight
from common.assertions import NO_CONTEXT, Assertion, AssertionVerifier
from common.caller import CallerVerifier, Presented
from common.clock import SystemClock
from common.errors import DomainError
from common.identity import Principal
from common.problems import render


class SlowApp:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.entered = asyncio.Semaphore(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.entered.release()
        await self.release.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def app() -> SlowApp:
    return SlowApp()


@pytest.fixture
def in_flight() -> InFlight:
    return InFlight(limit=5, limit_per_address=2)


def admitted(app: ASGIApp, in_flight: InFlight) -> ASGIApp:
    """The app behind an admission with these limits."""
    rules = TokenRules("https://court.example", "demo")
    verifier = CallerVerifier(
        AssertionVerifier("demo", []), rules, SystemClock(), lambda _kid: None
    )
    admission = Admission(verifier, frozenset(), in_flight)

    async def admit(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with admission.admit(scope):
                await app(scope, receive, send)
        except DomainError as refusal:
            await render(refusal)(scope, receive, send)

    return admit


@pytest.fixture
def limited(app: SlowApp, in_flight: InFlight) -> ASGIApp:
    return admitted(app, in_flight)


async def call(
    limited: ASGIApp, ip: str | None, path: str = "/api/v1/cases"
) -> tuple[int, dict[str, Any], dict[bytes, bytes]]:
    """Status, body and headers of one request from this address."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    principal = Principal(kind="anonymous", ip=ip)
    state = {"presented": Presented(Assertion(principal, NO_CONTEXT))}
    scope = {"type": "http", "path": path, "state": state, "headers": [], "query_string": b""}
    await limited(scope, receive, send)
    body = sent[1]["body"]
    return sent[0]["status"], json.loads(body) if body else {}, dict(sent[0]["headers"])


@asynccontextmanager
async def working(
    limited: ASGIApp, app: SlowApp, *addresses: str | None
) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Requests from these addresses, which all are being worked on."""
    tasks = [asyncio.create_task(call(limited, ip)) for ip in addresses]
    for _ in addresses:
        await app.entered.acquire()
    yield tasks
    app.release.set()
    assert {answer[0] for answer in await asyncio.gather(*tasks)} == {200}


async def test_one_address_cannot_take_all(limited: ASGIApp, app: SlowApp) -> None:
    async with working(limited, app, "192.0.2.1", "192.0.2.1"):
        status, problem, headers = await call(limited, "192.0.2.1")
        assert (status, problem["code"]) == (429, "too-many-in-flight")
        assert headers[b"retry-after"] == b"1"
        async with working(limited, app, "192.0.2.2", "192.0.2.2", None):
            pass


async def test_a_full_service_says_so(limited: ASGIApp, app: SlowApp) -> None:
    async with working(limited, app, "192.0.2.1", "192.0.2.2", "192.0.2.3", None, None):
        status, problem, headers = await call(limited, "192.0.2.4")
        assert (status, problem["code"]) == (503, "service-busy")
        assert headers[b"retry-after"] == b"1"


async def test_a_finished_request_makes_room_and_is_forgotten(
    limited: ASGIApp, app: SlowApp, in_flight: InFlight
) -> None:
    async with working(limited, app, "192.0.2.1", "192.0.2.1"):
        pass
    assert (await call(limited, "192.0.2.1"))[0] == 200
    assert (in_flight.total, dict(in_flight.by_address)) == (0, {})


async def test_a_request_that_fails_makes_room(in_flight: InFlight) -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await call(admitted(failing, in_flight), "192.0.2.1")
    assert in_flight.total == 0


async def test_probes_are_answered_however_full(limited: ASGIApp, app: SlowApp) -> None:
    async with working(limited, app, None, None, None, None, None):
        probe = asyncio.create_task(call(limited, None, "/readyz"))
        await app.entered.acquire()
    assert (await probe)[0] == 200
