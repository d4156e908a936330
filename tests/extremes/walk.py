"""Sends the variations of every call, and notes what is wrong with the answers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final

import httpx
from extremes.variations import Call, Request, variations

PROBLEM: Final = "application/problem+json"
MOST_BYTES: Final = 2 * 1024 * 1024
MOST_SECONDS: Final = 1.0
# What valid calls expect: the walk puts the present version in its place.
FIRST_VERSION: Final = b'"1"'
TRIES: Final = 3
# Answers that say what the same value gets everywhere.
ENOUGH: Final = 5
REFUSED: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
# Of each operation, so many are sent whatever is known.
LEAST_VARIATIONS: Final = 15
AT_ONCE: Final = 6
# OAuth has its own errors (RFC 6749, 5.2).
OAUTH: Final = ("/auth/token", "/auth/introspect", "/auth/revoke")


@dataclass(slots=True)
class Caller:
    """A caller; without credentials or a token, an anonymous one."""

    client: httpx.AsyncClient
    credentials: Mapping[str, str] | None = None
    token: str | None = None

    async def headers(self) -> dict[str, bytes]:
        """The credentials to send."""
        if self.token is None and self.credentials is not None:
            await self.sign_in()
        return {"authorization": f"Bearer {self.token}".encode()} if self.token else {}

    async def sign_in(self) -> None:
        """Begin a session."""
        answer = await self.client.post("/api/v1/auth/login", json=dict(self.credentials or {}))
        answer.raise_for_status()
        self.token = answer.json()["access_token"]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with its valid call and who makes it."""

    name: str
    spec: Mapping[str, Any]
    call: Call
    caller: Caller


@dataclass(slots=True)
class Readers:
    """What validators made of values: one that has refused a value in some operations, and has let
    it through in none, refuses it in all of them.
    """

    _answers: Counter[str] = field(default_factory=Counter)
    _passed: set[str] = field(default_factory=set)

    def know(self, request: Request) -> bool:
        """Whether the answer would say nothing new."""
        reader = request.reader
        return reader != "" and self._answers[reader] >= ENOUGH and reader not in self._passed

    def learn(self, request: Request, status: int) -> None:
        """Note an answer."""
        if request.early or status in REFUSED:
            self._answers[request.reader] += 1
        elif status < HTTPStatus.BAD_REQUEST:
            self._passed.add(request.reader)


@dataclass(slots=True)
class Walk:
    """The way through all operations: what was sent, and what was wrong."""

    client: httpx.AsyncClient
    document: Mapping[str, Any]
    faults: dict[str, list[str]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    _readers: Readers = field(default_factory=Readers)
    _versions: dict[str, bytes] = field(default_factory=dict)
    _slow: list[tuple[Operation, Request, float]] = field(default_factory=list)
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def all(self, operations: Iterable[Operation]) -> None:
        """Walk the operations side by side, then try what was slow again, alone."""
        async with asyncio.TaskGroup() as group:
            for operation in operations:
                group.create_task(self._one(operation))

    async def try_slow_ones_again(self) -> None:
        """The fastest of three tries counts: the machine may have been busy."""
        for operation, request, first in self._slow:
            tries = [first]
            while min(tries) > MOST_SECONDS and len(tries) < TRIES:
                tries.append((await self._send(operation, request))[1])
            if min(tries) > MOST_SECONDS:
                self._fault(operation, request, f"takes {min(tries):.1f} s")

    async def _one(self, operation: Operation) -> None:
        for request in variations(operation.call, operation.spec, self.document):
            async with self._places:
                enough = self.sent[operation.name] >= LEAST_VARIATIONS
                if enough and self._readers.know(request):
                    continue
                answer, seconds = await self._send(operation, request)
            self.sent[operation.name] += 1
            if answer is None:
                continue
            self.statuses[answer.status_code] += 1
            self._readers.learn(request, answer.status_code)
            for wrong in _wrong(operation, answer):
                self._fault(operation, request, f"{wrong}: {answer.text[:300]}")
            if seconds > MOST_SECONDS:
                self._slow.append((operation, request, seconds))
            if "etag" in answer.headers:
                self._versions[operation.name] = answer.headers["etag"].encode()
            elif answer.status_code == HTTPStatus.PRECONDITION_FAILED:
                current = answer.json()["current_version"]
                self._versions[operation.name] = f'"{current}"'.encode()
            if answer.status_code == HTTPStatus.UNAUTHORIZED and operation.caller.credentials:
                operation.caller.token = None  # the call has ended its own session

    async def _send(
        self, operation: Operation, request: Request
    ) -> tuple[httpx.Response | None, float]:
        given = {**await operation.caller.headers(), **request.headers}
        if given.get("if-match") == FIRST_VERSION:
            given["if-match"] = self._versions.get(operation.name, FIRST_VERSION)
        headers = [(name.encode(), value) for name, value in given.items()]
        began = perf_counter()
        try:
            answer = await self.client.request(
                request.method, request.url, headers=headers, content=request.content
            )
        except httpx.TransportError as error:
            self._fault(operation, request, f"no answer: {error!r}")
            return None, 0.0
        return answer, perf_counter() - began

    def _fault(self, operation: Operation, request: Request, what: str) -> None:
        self.faults.setdefault(f"{operation.name}: {what}", []).append(request.what)

    def report(self) -> str:
        """The faults, each with where it was met."""
        return "\n".join(f"{fault} [{'; '.join(at)}]" for fault, at in self.faults.items())


def _wrong(operation: Operation, answer: httpx.Response) -> list[str]:
    """What no answer may be."""
    wrong = []
    status = answer.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not _is_documented_503(operation, answer):
        wrong.append(f"{status}")
    if len(answer.content) > MOST_BYTES:
        wrong.append(f"{len(answer.content)} bytes")
    if status >= HTTPStatus.BAD_REQUEST and not _has_code(operation, answer):
        wrong.append(f"{status} without a code")
    if "html" in answer.headers.get("content-type", ""):
        wrong.append("a page")
    return wrong


def _is_documented_503(operation: Operation, answer: httpx.Response) -> bool:
    documented = "503" in operation.spec["responses"]
    return documented and answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE


def _has_code(operation: Operation, answer: httpx.Response) -> bool:
    try:
        body = answer.json()
    except ValueError:
        return False
    if operation.name.endswith(OAUTH) and "error" in body:
        return True
    return answer.headers["content-type"] == PROBLEM and bool(body.get("code"))


@asynccontextmanager
async def connected(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the gateway."""
    async with httpx.AsyncClient(base_url=base_url, timeout=60) as client:
        yield client
