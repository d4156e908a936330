"""What the edge itself tells clients: no such route, too large a body, an upstream in trouble."""

from http import HTTPStatus
from typing import Final

from gateway.policy.refusals import Priority, Refusal, malformed

_PROXY: Final = "masijala-gateway"
RETRY_AFTER_SECONDS: Final = 2


def _edge(
    status: HTTPStatus, code: str, title: str, detail: str, *headers: tuple[bytes, bytes]
) -> Refusal:
    return Refusal(Priority.MALFORMED, status, code, title, detail, headers)


NOT_FOUND: Final = _edge(
    HTTPStatus.NOT_FOUND, "not-found", "There is nothing here", "No route has this path"
)
INTERNAL: Final = _edge(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal-error",
    "Something went wrong on our side",
    "The fault is in the log under this request ID",
)
MALFORMED: Final = malformed("request-malformed", "This is no valid HTTP/1.1 request")
HOST: Final = malformed(
    "host-invalid", "Send exactly one Host header, with a host and perhaps a port"
)
HEADERS_TOO_LARGE: Final = malformed(
    "headers-too-large",
    "The header block is too large",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
)
ORIGIN_DENIED: Final = Refusal(
    Priority.ADDRESS,
    HTTPStatus.FORBIDDEN,
    "origin-denied",
    "Pages of this origin may not do this",
    "Only pages of the allowed origins may open a WebSocket",
)
TLS_REQUIRED: Final = Refusal(
    Priority.ADDRESS,
    HTTPStatus.FORBIDDEN,
    "tls-required",
    "This needs an encrypted connection",
    "Call the https address, or wss for a WebSocket",
)
REQUEST_TIMEOUT: Final = _edge(
    HTTPStatus.REQUEST_TIMEOUT,
    "request-timeout",
    "The request took too long to arrive",
    "The request stopped arriving",
    (b"connection", b"close"),
)
DOCUMENT_AWAY: Final = _edge(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "upstream-unavailable",
    "A part of the system is away; try again shortly",
    "A service's description cannot be read at the moment",
    (b"retry-after", str(RETRY_AFTER_SECONDS).encode()),
)


def method_not_allowed(allowed: tuple[str, ...]) -> Refusal:
    """The path is known, the method is not."""
    return _edge(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This path does not have that method",
        f"Allowed: {', '.join(allowed)}",
        (b"allow", ", ".join(allowed).encode()),
    )


def body_too_large(limit_bytes: int, *, close: bool) -> Refusal:
    """The body is larger than its route's class allows."""
    return _edge(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-large",
        "The body is too large",
        f"At most {limit_bytes} bytes are accepted here",
        *([(b"connection", b"close")] if close else []),
    )


def upstream_resting(seconds: int) -> Refusal:
    """The circuit is open: the upstream is not even asked (RFC 9209, 2.3.4)."""
    return _edge(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "upstream-unavailable",
        "A part of the system is away; try again shortly",
        "A service has not answered several times in a row and is left alone for a moment",
        (b"retry-after", str(seconds).encode()),
        (b"proxy-status", f"{_PROXY}; error=destination_unavailable".encode()),
    )


def upstream_failed(status: HTTPStatus, error: str, detail: str) -> Refusal:
    """An upstream gave no answer; `error` is the proxy error type of RFC 9209, 2.3."""
    return _edge(
        status,
        "upstream-timeout" if status is HTTPStatus.GATEWAY_TIMEOUT else "upstream-unavailable",
        "A part of the system is away; try again shortly",
        detail,
        (b"retry-after", str(RETRY_AFTER_SECONDS).encode()),
        (b"proxy-status", f"{_PROXY}; error={error}".encode()),
    )
