"""Every reason of the gateway to refuse a request, as domain errors.

They are returned rather than raised: several may apply to one request, and the lowest priority is
the answer.
"""

from collections.abc import Mapping
from enum import IntEnum
from http import HTTPStatus
from typing import Any, ClassVar, Final

from common.errors import DomainError
from common.identity import StepUp

_REALM: Final = 'Bearer realm="masijala"'


class Priority(IntEnum):
    """The order of the reasons: the lowest number is answered."""

    MALFORMED = 1
    ADDRESS = 2
    QUOTA = 3
    MAINTENANCE = 4
    CREDENTIALS = 5
    UNAVAILABLE = 6
    SCOPE = 7


class Refusal(DomainError):
    """The base of all of them; `reason` is the detail when an instance gives none."""

    priority: ClassVar[Priority] = Priority.MALFORMED
    reason: ClassVar[str | None] = None
    retry_after_seconds: ClassVar[int | None] = None

    def __init__(
        self,
        detail: str | None = None,
        *,
        retry_after_seconds: int | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.reason, extra=extra, headers=headers)
        seconds = retry_after_seconds or self.retry_after_seconds
        if seconds is not None:
            self.headers["retry-after"] = str(seconds)


class PathUnsafe(Refusal):
    """The path has an encoded separator, a dot segment or an invalid character."""

    code = "path-unsafe"
    title = "The request is malformed"
    reason = "The path has an encoded separator, a dot segment or an invalid character"


class DuplicateAuthorization(Refusal):
    """The Authorization header came more than once."""

    code = "duplicate-authorization"
    title = "The request is malformed"
    reason = "Send the Authorization header once"


class RouteNotFound(Refusal):
    """No route has this path."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"
    title = "Not found"
    reason = "No route has this path"


class MethodNotAllowed(Refusal):
    """The path is known, the method is not."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "method-not-allowed"
    title = "This path does not have that method"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        methods = ", ".join(allowed)
        super().__init__(f"Allowed: {methods}", headers={"allow": methods})


class BodyTooLarge(Refusal):
    """The body is larger than its route's class allows."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "body-too-large"
    title = "The body is too large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"At most {limit_bytes} bytes are accepted here")


class InternalError(Refusal):
    """The fault is in the log under this request ID."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal-error"
    title = "Something went wrong on our side"
    reason = "The fault is in the log under this request ID"


class DocumentUnavailable(Refusal):
    """A service's description cannot be read at the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "upstream-unavailable"
    title = "The service is temporarily unavailable"
    reason = "A service's description cannot be read at the moment"
    retry_after_seconds = 2


class AddressDenied(Refusal):
    """The operator's address lists do not admit this address."""

    priority = Priority.ADDRESS
    status = HTTPStatus.FORBIDDEN
    code = "address-denied"
    title = "Requests from this address are not accepted"
    reason = "The operator's address lists do not admit this address"


class OriginDenied(Refusal):
    """Only pages of the allowed origins may open a WebSocket."""

    priority = Priority.ADDRESS
    status = HTTPStatus.FORBIDDEN
    code = "origin-denied"
    title = "Pages of this origin may not do this"
    reason = "Only pages of the allowed origins may open a WebSocket"


class TlsRequired(Refusal):
    """The request came over plain HTTP where TLS is required."""

    priority = Priority.ADDRESS
    status = HTTPStatus.FORBIDDEN
    code = "tls-required"
    title = "This needs an encrypted connection"
    reason = "Call the https address, or wss for a WebSocket"


class QuotaExceeded(Refusal):
    """Too many requests; `violated-policies` names the policies as in `RateLimit-Policy`."""

    priority = Priority.QUOTA
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "quota-exceeded"
    title = "Too many requests"
    example: ClassVar[Mapping[str, Any]] = {"violated-policies": ["user"]}

    def __init__(self, violated: tuple[str, ...], retry_after_seconds: int) -> None:
        super().__init__(
            f"Try again in {retry_after_seconds} s",
            retry_after_seconds=retry_after_seconds,
            extra={"violated-policies": list(violated)},
        )


class Maintenance(Refusal):
    """The operator has closed the system for a while; the detail is the operator's text."""

    priority = Priority.MAINTENANCE
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "maintenance"
    title = "The system is closed for maintenance"


class CredentialsMissing(Refusal):
    """The request needs an access token and has none."""

    priority = Priority.CREDENTIALS
    status = HTTPStatus.UNAUTHORIZED
    code = "unauthenticated"
    title = "Sign in first"
    reason = "This needs an access token as bearer"

    def __init__(self) -> None:
        super().__init__(headers={"www-authenticate": self._challenge()})

    def _challenge(self) -> str:
        # RFC 6750, 3.1: no error code when the request carried no credentials at all.
        return _REALM


class SchemeUnsupported(CredentialsMissing):
    """Only the Bearer scheme is accepted."""

    reason = "Only the Bearer scheme is accepted"


class _TokenRefusal(CredentialsMissing):
    """The base of what is wrong with a token."""

    title = "The access token is not accepted"

    def _challenge(self) -> str:
        return f'{_REALM}, error="invalid_token", error_description="{self.reason}"'


class TokenMalformed(_TokenRefusal):
    """The token is not a compact JWS of at most 8 KiB."""

    code = "token-invalid"
    reason = "The token is not a compact JWS of at most 8 KiB"


class TokenInvalid(_TokenRefusal):
    """The token is not one that this system issued."""

    code = "token-invalid"
    reason = "The token is not one that this system issued"


class TokenExpired(_TokenRefusal):
    """The token has expired; refresh it."""

    code = "token-expired"
    reason = "The token has expired; refresh it"


class TokenRevoked(_TokenRefusal):
    """The session of this token has ended."""

    code = "token-revoked"
    reason = "The session of this token has ended"


class TokenStale(_TokenRefusal):
    """The grants have changed since; refresh the token."""

    code = "token-stale"
    reason = "The grants have changed since; refresh the token"


class KeysUnavailable(Refusal):
    """The issuer's keys cannot be read at the moment, so that no token can be verified."""

    priority = Priority.UNAVAILABLE
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "keys-unavailable"
    title = "Tokens cannot be checked for now"
    reason = "The issuer's keys are unavailable; try again shortly"
    retry_after_seconds = 5


class RevocationUnavailable(Refusal):
    """Whether this session has ended cannot be checked at the moment."""

    priority = Priority.UNAVAILABLE
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "revocation-unavailable"
    title = "Sessions cannot be checked for now"
    reason = "Whether this session has ended cannot be checked at the moment; try again shortly"
    retry_after_seconds = 2


class RevocationLost(RevocationUnavailable):
    """Redis has lost what was revoked; auth restores it within half a second of noticing."""

    retry_after_seconds = 1


class RoleMissing(Refusal):
    """None of the caller's roles allows this."""

    priority = Priority.SCOPE
    status = HTTPStatus.FORBIDDEN
    code = "permission-denied"
    title = "Your grants do not allow this"
    reason = "None of your roles allows this"

    def __init__(self) -> None:
        super().__init__(headers={"www-authenticate": f'{_REALM}, error="insufficient_scope"'})


class StepUpRequired(Refusal):
    """This requires that a second factor was shown a short time ago: `POST /auth/step-up`."""

    priority = Priority.SCOPE
    status = HTTPStatus.FORBIDDEN
    code = "step-up-required"
    title = "Show your second factor to do this"
    example: ClassVar[Mapping[str, Any]] = StepUp(300).wanted

    def __init__(self, wanted: StepUp) -> None:
        super().__init__(extra=wanted.wanted, headers={"www-authenticate": wanted.challenge})
