"""An upstream of raw sockets: records every request byte by byte, and answers as services do.

It runs in its own thread for the whole session, so that edges which outlive a test find it.
Some last segments of a path name a way to behave.
"""

import asyncio
import threading
from dataclasses import dataclass, field
from secrets import token_hex
from time import monotonic
from typing import Any, Final

from conformance.behaviours import BEHAVIOURS, Behaviour, echo, head, respond
from conformance.recorded import Recorded, read_next

from common.problem_pages import PAGES, PREFIX
from common.problems import MEDIA_TYPE, problem_body
from testkit.gateway.issuer import Issuer

READINESS: Final = "/readyz"
# What an edge requests itself.
OWN: Final = ("/.well-known/jwks.json", READINESS, "/openapi.json", PREFIX)
# In all larger than what sockets and proxies hold of it.
FLOOD_PIECE, FLOOD_PIECES = bytes(64 * 1024), 1024
# Parts of an export that compress to about half, each larger than the buffers of the codings.
LINES: Final = [
    b"".join(b'{"row":"%s"}\n' % token_hex(500).encode() for _ in range(1000)) for _ in range(3)
]
PATHS: Final[dict[str, Any]] = {
    "/api/v1/cases": {"get": {}, "post": {}},
    "/api/v1/echo": {"get": {}},
    "/api/v1/auth/login": {"post": {}},
}


@dataclass(slots=True)
class RecordingUpstream:
    """Stands for auth and core at once."""

    issuer: Issuer
    listens_on: str = "127.0.0.1"
    known_as: str = "127.0.0.1"  # by the edge
    requests: list[Recorded] = field(default_factory=list)
    port: int = 0
    connections: set[asyncio.StreamWriter] = field(default_factory=set)
    floods_cut: list[float] = field(default_factory=list)  # when
    ready_after: float = 0  # seconds that the answer to a health check takes
    draining: bool = False
    checks: int = 0  # answered health checks
    _answers: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None
    _release: asyncio.Event = field(default_factory=asyncio.Event)
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{self.known_as}:{self.port}"

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
            self._thread.start()
        self._loop.call_soon_threadsafe(self._answers.set)
        self._run(self._listen())

    def freeze(self) -> None:
        """Accept connections and answer nothing more, not even a health check."""
        self._loop.call_soon_threadsafe(self._answers.clear)

    def thaw(self) -> None:
        """Answer again, including the requests that waited."""
        self._loop.call_soon_threadsafe(self._answers.set)

    def stop(self) -> None:
        """Stop listening and drop every connection, as a crash does."""
        self._run(self._drop())

    def close(self) -> None:
        """Stop, and end the thread."""
        self.stop()
        self._run(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join()
        self._loop.close()

    def clear(self) -> None:
        """Forget what was recorded."""
        self.requests.clear()
        self.floods_cut.clear()

    def release(self) -> None:
        """Let a held answer go on by one step."""
        self._loop.call_soon_threadsafe(self._release.set)

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._connected, self.listens_on, self.port, limit=1 << 20, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self.connections):
            writer.transport.abort()

    @staticmethod
    async def _finish() -> None:
        """What waits on a lost connection must end before its loop does."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.add(writer)
        try:
            while (request := await read_next(reader, writer)) is not None:
                await self._answers.wait()
                if not request.target.startswith(OWN):
                    self.requests.append(request)
                if not await self._answer(request, reader, writer):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # cancelled is what still waits at the end of all
        finally:
            self.connections.discard(writer)
            writer.close()

    async def _answer(
        self, request: Recorded, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer; False when the connection is over."""
        path = request.target.partition("?")[0]
        if path.startswith(PREFIX):
            page = PAGES[path.removeprefix(PREFIX)]
            problem = problem_body(page.status, page.code, page.title, page.detail)
            headers = [
                ("Content-Type", MEDIA_TYPE),
                *page.headers.items(),
                *request.context.items(),
            ]
            await respond(writer, 200, problem, headers)
            return True
        if path == READINESS:
            await self._readiness(writer)
            return True
        if path.startswith(OWN):
            await respond(writer, 200, self._own(path))
            return True
        own: dict[str, Behaviour] = {
            "events": self._events,
            "lines": self._lines,
            "silent": self._silent,
            "flood": self._flood,
        }
        name = path.rpartition("/")[2]
        behave = own.get(name) or BEHAVIOURS.get(name, echo)
        return await behave(request, reader, writer)

    def _own(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/jwks.json":
            return self.issuer.jwks()
        if path == "/openapi.json":
            info = {"title": "Echo", "version": "9.9.9"}
            return {"openapi": "3.1.0", "info": info, "paths": PATHS}
        return {"status": "ok"}

    async def _readiness(self, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.ready_after)
        self.checks += 1
        await respond(writer, 503 if self.draining else 200, {})

    async def _events(
        self, request: Recorded, _: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """The next event only once the test has seen the one before."""
        self._release.clear()
        writer.write(
            head(200, [*request.context.items(), ("Content-Type", "text/event-stream")], None)
        )
        for number in range(3):
            writer.write(b"data: %d\n\n" % number)
            await writer.drain()
            await self._release.wait()
            self._release.clear()
        return False

    async def _lines(
        self, request: Recorded, _: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Rows of an export, the next part only once the test has read the one before."""
        self._release.clear()
        kind = ("Content-Type", "application/x-ndjson")
        writer.write(head(200, [*request.context.items(), kind], None))
        for part in LINES:
            writer.write(part)
            await writer.drain()
            await self._release.wait()
            self._release.clear()
        return False

    async def _silent(self, *_: object) -> bool:
        self._release.clear()
        await self._release.wait()
        return False

    async def _flood(
        self, request: Recorded, _: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Write until all is sent or the connection is closed."""
        writer.write(head(200, list(request.context.items()), FLOOD_PIECES * len(FLOOD_PIECE)))
        try:
            for _piece in range(FLOOD_PIECES):
                writer.write(FLOOD_PIECE)
                await writer.drain()
        except OSError:
            self.floods_cut.append(monotonic())
            raise
        return True
