"""One request and its response at the edge: what every response carries is added here."""

import json
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from time import perf_counter, time
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from common.ids import new_request_id
from common.problems import MEDIA_TYPE, problem_body
from gateway.policy.correlation import Correlation
from gateway.policy.decision import Decision
from gateway.policy.headers import HeaderMap
from gateway.policy.refusals import Refusal

HeaderList = list[tuple[bytes, bytes]]

_PROBLEM_HEADERS: Final = [
    (b"content-type", MEDIA_TYPE.encode()),
    (b"cache-control", b"no-store"),
]
_EMPTY: Final = b""


class Exchange:
    """The state of one request; at most one response is sent through it."""

    __slots__ = (
        "correlation",
        "decision",
        "extra",
        "headers",
        "receive",
        "response_bytes",
        "route_name",
        "scope",
        "send",
        "started_at",
        "status",
    )

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: HeaderMap,
        correlation: Correlation,
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.headers = headers
        self.correlation = correlation
        self.extra: HeaderList = [(b"x-request-id", correlation.request_id.encode())]
        self.decision: Decision | None = None
        self.route_name = "edge"
        self.status = 0
        self.response_bytes = 0
        self.started_at = perf_counter()

    @property
    def method(self) -> str:
        method: str = self.scope["method"]
        return method

    @property
    def path(self) -> str:
        path: str = self.scope["path"]
        return path

    @property
    def peer(self) -> str | None:
        client = self.scope.get("client")
        return client[0] if client else None

    @property
    def responding(self) -> bool:
        """Whether the head of the response is already out."""
        return self.status != 0

    async def start(self, status: int, headers: HeaderList) -> None:
        """Send the head of the response."""
        self.status = status
        date = (b"date", _http_date(int(time())))
        await self.send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*headers, *self.extra, date],
            }
        )

    async def body(self, chunk: bytes, *, more: bool) -> None:
        """Send a part of the body."""
        self.response_bytes += len(chunk)
        await self.send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def respond(self, status: int, headers: HeaderList, content: bytes = _EMPTY) -> None:
        """Send a whole response."""
        length = (b"content-length", str(len(content)).encode())
        await self.start(status, headers if status == HTTPStatus.NO_CONTENT else [*headers, length])
        await self.body(content, more=False)

    async def respond_json(self, status: int, content: Any, headers: HeaderList) -> None:
        """Send JSON."""
        body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        await self.respond(status, [(b"content-type", b"application/json"), *headers], body)

    async def refuse(self, refusal: Refusal) -> None:
        """Send a problem (RFC 9457)."""
        content = _problem(refusal, self.correlation.request_id)
        await self.respond(refusal.status, [*_PROBLEM_HEADERS, *refusal.headers], content)


def raw_problem(refusal: Refusal) -> bytes:
    """A whole last response, for a request that is too malformed to be served as one."""
    request_id = new_request_id()
    content = _problem(refusal, request_id)
    headers = [
        *_PROBLEM_HEADERS,
        (b"x-request-id", request_id.encode()),
        (b"date", _http_date(int(time()))),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    status = f"HTTP/1.1 {refusal.status.value} {refusal.status.phrase}\r\n".encode()
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return status + lines + b"\r\n" + content


def _problem(refusal: Refusal, request_id: str) -> bytes:
    problem = problem_body(
        refusal.status,
        refusal.code,
        refusal.title,
        refusal.detail,
        extra={"request_id": request_id, **refusal.extra},
    )
    return json.dumps(problem, separators=(",", ":")).encode()


@lru_cache(maxsize=2)
def _http_date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()
