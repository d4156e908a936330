"""Why a request may not pass, and which reason is told when there are several."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from http import HTTPStatus
from typing import Any, Final

_REALM: Final = 'Bearer realm="masijala"'


class Priority(IntEnum):
    """The verdict's order: the lowest number is told."""

    MALFORMED = 1
    ADDRESS = 2
    QUOTA = 3
    MAINTENANCE = 4
    CREDENTIALS = 5
    UNAVAILABLE = 6
    SCOPE = 7


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to refuse, as the caller is told it (RFC 9457)."""

    priority: Priority
    status: HTTPStatus
    code: str
    title: str
    detail: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


def malformed(code: str, detail: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Refusal:
    """A request whose form is wrong, whoever sends it."""
    return Refusal(Priority.MALFORMED, status, code, "The request is malformed", detail)


def _credentials(code: str, title: str, detail: str, error: str | None) -> Refusal:
    # RFC 6750, 3.1: no error code when the request carried no credentials at all.
    challenge = (
        _REALM if error is None else f'{_REALM}, error="{error}", error_description="{detail}"'
    )
    headers = ((b"www-authenticate", challenge.encode()),)
    return Refusal(Priority.CREDENTIALS, HTTPStatus.UNAUTHORIZED, code, title, detail, headers)


def _token(code: str, detail: str) -> Refusal:
    return _credentials(code, "The access token is not accepted", detail, "invalid_token")


DUPLICATE_AUTHORIZATION: Final = malformed(
    "duplicate-authorization", "Send the Authorization header once"
)
MISSING: Final = _credentials(
    "unauthenticated", "Sign in first", "This needs an access token as bearer", None
)
SCHEME: Final = _credentials(
    "unauthenticated", "Sign in first", "Only the Bearer scheme is accepted", None
)
TOKEN_MALFORMED: Final = _token("token-invalid", "The token is not a compact JWS of at most 8 KiB")
TOKEN_INVALID: Final = _token("token-invalid", "The token is not one that this system issued")
TOKEN_EXPIRED: Final = _token("token-expired", "The token has expired; refresh it")
TOKEN_REVOKED: Final = _token("token-revoked", "The session of this token has ended")
TOKEN_STALE: Final = _token("token-stale", "The grants have changed since; refresh the token")
ADDRESS_DENIED: Final = Refusal(
    Priority.ADDRESS,
    HTTPStatus.FORBIDDEN,
    "address-denied",
    "Requests from this address are not accepted",
    "The operator's address lists do not admit this address",
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
ROLE_MISSING: Final = Refusal(
    Priority.SCOPE,
    HTTPStatus.FORBIDDEN,
    "permission-denied",
    "Your grants do not allow this",
    "None of your roles allows this",
    ((b"www-authenticate", f'{_REALM}, error="insufficient_scope"'.encode()),),
)
KEYS_UNAVAILABLE: Final = Refusal(
    Priority.UNAVAILABLE,
    HTTPStatus.SERVICE_UNAVAILABLE,
    "keys-unavailable",
    "Tokens cannot be checked for now",
    "The issuer's keys are not at hand; try again shortly",
    ((b"retry-after", b"5"),),
)
REVOCATION_UNAVAILABLE: Final = Refusal(
    Priority.UNAVAILABLE,
    HTTPStatus.SERVICE_UNAVAILABLE,
    "revocation-unavailable",
    "Sessions cannot be checked for now",
    "Whether this session has ended cannot be told at the moment; try again shortly",
    ((b"retry-after", b"2"),),
)
# Auth rebuilds the lost marks within half a second of noticing.
REVOCATION_LOST: Final = replace(REVOCATION_UNAVAILABLE, headers=((b"retry-after", b"1"),))


def maintenance(text: str, retry_after_seconds: int) -> Refusal:
    """The operator has closed the system for a while; `text` is the operator's."""
    return Refusal(
        Priority.MAINTENANCE,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "maintenance",
        "The system is closed for maintenance",
        text,
        ((b"retry-after", str(retry_after_seconds).encode()),),
    )


def quota_exceeded(violated: tuple[str, ...], retry_after_seconds: int) -> Refusal:
    """Too many requests; `violated` names the policies as in `RateLimit-Policy`."""
    return Refusal(
        Priority.QUOTA,
        HTTPStatus.TOO_MANY_REQUESTS,
        "quota-exceeded",
        "Too many requests",
        f"Try again in {retry_after_seconds} s",
        ((b"retry-after", str(retry_after_seconds).encode()),),
        {"violated-policies": list(violated)},
    )
