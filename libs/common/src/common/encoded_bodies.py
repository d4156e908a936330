"""A compressed body is refused before a byte of it is read: nothing here unpacks one."""

from http import HTTPStatus
from typing import ClassVar, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from common.errors import DomainError
from common.problems import render

_BODY: Final = (b"content-length", b"transfer-encoding")
_PLAIN: Final = frozenset({b"", b"identity"})


class ContentEncodingUnsupported(DomainError):
    """The body is compressed or otherwise encoded; only a body as it is can be read."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code: ClassVar[str] = "content-encoding-unsupported"
    title: ClassVar[str] = "Send the body without Content-Encoding"

    def __init__(self) -> None:
        # What would have been accepted (RFC 9110, 12.5.3 and 15.5.16).
        super().__init__(headers={"Accept-Encoding": "identity"})


class EncodedBodyMiddleware:
    """Refuses a request whose body has a content coding."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if any(name == b"content-encoding" for name, _ in scope.get("headers", ())) and _encoded(
            scope["headers"]
        ):
            await render(ContentEncodingUnsupported())(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _encoded(headers: list[tuple[bytes, bytes]]) -> bool:
    has_body = any(name in _BODY and value != b"0" for name, value in headers)
    codings = [value for name, value in headers if name == b"content-encoding"]
    return has_body and any(value.strip().lower() not in _PLAIN for value in codings)
