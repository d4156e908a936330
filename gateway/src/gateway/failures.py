"""What the gateway itself answers in place of a service: no such path, too large a body."""

from http import HTTPStatus
from typing import Final

from gateway.policy.refusals import Priority, Refusal

RETRY_AFTER_SECONDS: Final = 2


def _refusal(
    status: HTTPStatus, code: str, title: str, detail: str, *headers: tuple[bytes, bytes]
) -> Refusal:
    return Refusal(Priority.MALFORMED, status, code, title, detail, headers)


NOT_FOUND: Final = _refusal(
    HTTPStatus.NOT_FOUND, "not-found", "Not found", "No route has this path"
)
INTERNAL: Final = _refusal(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal-error",
    "Something went wrong on our side",
    "The fault is in the log under this request ID",
)
DOCUMENT_UNAVAILABLE: Final = _refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "upstream-unavailable",
    "The service is temporarily unavailable",
    "A service's description cannot be read at the moment",
    (b"retry-after", str(RETRY_AFTER_SECONDS).encode()),
)


def method_not_allowed(allowed: tuple[str, ...]) -> Refusal:
    """The path is known, the method is not."""
    return _refusal(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This path does not have that method",
        f"Allowed: {', '.join(allowed)}",
        (b"allow", ", ".join(allowed).encode()),
    )


def body_too_large(limit_bytes: int) -> Refusal:
    """The body is larger than its route's class allows."""
    return _refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-large",
        "The body is too large",
        f"At most {limit_bytes} bytes are accepted here",
    )
