"""An upstream that records what reaches it, and fails in the ways that upstreams fail."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from gateway.testing.issuer import Issuer

EVENTS: Final = 3


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body_bytes: int

    def all(self, name: str) -> list[str]:
        """Every value of one header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(slots=True)
class EchoUpstream:
    """Answers any path; some last segments name a way to fail. Stands for auth and core at once."""

    issuer: Issuer
    received: list[Received] = field(default_factory=list)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    jwks_available: bool = True
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["EchoUpstream"]:
        """Listen; a given port lets it come back where it was."""
        application = web.Application(client_max_size=1 << 30)
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            self.release.set()
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/.well-known/jwks.json":
                return web.json_response(
                    self.issuer.jwks(), status=200 if self.jwks_available else 503
                )
            case "/readyz":
                return web.json_response({"status": "ok"})
            case "/openapi.json":
                return web.json_response(self._openapi())
        return await self._behave(request)

    async def _behave(self, request: web.Request) -> web.StreamResponse:
        body_bytes = 0
        async for chunk in request.content.iter_any():
            body_bytes += len(chunk)
        headers = tuple((name.decode(), value.decode()) for name, value in request.raw_headers)
        self.received.append(Received(request.method, request.raw_path, headers, body_bytes))
        match request.path.rpartition("/")[2]:
            case "events":
                return await self._events(request)
            case "drop":
                if request.transport is not None:
                    request.transport.abort()
                raise asyncio.CancelledError
            case "silent":
                await self.release.wait()
            case "half":
                return await self._half(request)
            case "unavailable":
                return web.Response(status=503, text="busy", headers={"Retry-After": "7"})
            case "chatty":
                return self._chatty()
        return self._echo(request, body_bytes)

    @staticmethod
    def _echo(request: web.Request, body_bytes: int) -> web.Response:
        seen = {"method": request.method, "target": request.raw_path, "body_bytes": body_bytes}
        return web.json_response(seen, headers={"ETag": '"1"'})

    @staticmethod
    def _chatty() -> web.Response:
        """Headers that must not reach the client, and some that must."""
        response = web.Response(text="ok")
        response.headers.extend(
            {
                "Access-Control-Allow-Origin": "*",
                "RateLimit": '"mine";r=1;t=1',
                "X-Request-ID": "of-the-upstream",
                "X-Gateway-Secret": "1",
                "Connection": "X-Hop",
                "X-Hop": "1",
                "Vary": "Accept-Language",
            }
        )
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """An event, then the next only when the test has seen the one before."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for number in range(EVENTS):
            await response.write(f"data: {number}\n\n".encode())
            await self.release.wait()
            self.release.clear()
        return response

    @staticmethod
    async def _half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"half")
        if request.transport is not None:
            request.transport.close()
        return response

    @staticmethod
    def _openapi() -> dict[str, Any]:
        problem: dict[str, Any] = {"type": "object", "properties": {"code": {"type": "string"}}}
        operation = {
            "summary": "Echo",
            "tags": ["echo"],
            "responses": {"200": {"description": "ok"}},
        }
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Echo", "version": "9.9.9"},
            "paths": {"/api/v1/echo": {"get": operation}, "/internal/v1/users": {"get": operation}},
            "components": {"schemas": {"Problem": problem}},
        }
        copy: dict[str, Any] = json.loads(json.dumps(document))
        return copy
