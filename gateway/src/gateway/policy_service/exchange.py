"""One request to the policy service and its answer; what every answer carries is added here."""

import json
from http import HTTPStatus
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from common.problems import MEDIA_TYPE, problem_body
from gateway.policy.correlation import Correlation
from gateway.policy.headers import HeaderMap
from gateway.refusals import Refusal

HeaderList = list[tuple[bytes, bytes]]

_PROBLEM_HEADERS: Final = [
    (b"content-type", MEDIA_TYPE.encode()),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
_BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class Exchange:
    """The state of one request; at most one answer is sent through it."""

    __slots__ = ("correlation", "extra", "headers", "receive", "scope", "send", "status")

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
        self.status = 0

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
        """Whether the head of the answer has been sent."""
        return self.status != 0

    async def respond(self, status: int, headers: HeaderList, content: bytes = b"") -> None:
        """Send a whole answer; to HEAD the server sends its head alone."""
        self.status = status
        length = (b"content-length", b"%d" % len(content))
        fields = headers if status in _BODILESS else [*headers, length]
        start = {"type": "http.response.start", "status": status, "headers": fields + self.extra}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": content})

    async def respond_json(self, status: int, content: Any, headers: HeaderList) -> None:
        """Send JSON."""
        body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        await self.respond(status, [(b"content-type", b"application/json"), *headers], body)

    async def refuse(self, refusal: Refusal) -> None:
        """Send a problem (RFC 9457)."""
        problem = problem_body(
            refusal.status,
            refusal.code,
            refusal.title,
            refusal.detail,
            extra={"request_id": self.correlation.request_id, **refusal.extra},
        )
        content = json.dumps(problem, separators=(",", ":")).encode()
        headers = ((name.encode(), value.encode()) for name, value in refusal.headers.items())
        await self.respond(refusal.status, [*_PROBLEM_HEADERS, *headers], content)
