"""Text in the query that Postgres cannot store is refused by the parameter's name.

Bodies are checked field by field (`common.schemas`), paths and headers by the server that reads
them: neither can hold U+0000.
"""

from typing import Final
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from common.errors import FieldError, ValidationFailed
from common.problems import render
from common.schemas import NO_NUL

_WRITTEN: Final = (b"%00", b"\x00")


class PlainTextMiddleware:
    """Refuses a request whose query holds U+0000."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        query: bytes = scope.get("query_string", b"")
        if not any(written in query for written in _WRITTEN):
            await self._app(scope, receive, send)
            return
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        names = dict.fromkeys(name for name, value in pairs if "\x00" in name + value)
        faults = tuple(FieldError(name, "nul", NO_NUL) for name in names)
        await render(ValidationFailed(errors=faults))(scope, receive, send)
