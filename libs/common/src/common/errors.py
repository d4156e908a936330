"""Domain errors: each has a status and a stable code, and becomes an RFC 9457 problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of one field; `field` is a dotted path such as `parties.male_applicant`."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """The base of every error that is shown to callers.

    Subclasses set `status`, `code` and `title`; `detail` says what happened in this case, `extra`
    holds extension members of the problem (RFC 9457, section 3.2), `headers` response headers.
    `example` are such members as the OpenAPI shows them.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    code: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "The request cannot be served"
    example: ClassVar[Mapping[str, Any]] = {}

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: tuple[FieldError, ...] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})


class BadRequest(DomainError):
    """The request's syntax is wrong."""


class ValidationFailed(DomainError):
    """Values of the request break a rule; `errors` names each."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "validation-failed"
    title = "Some fields are not valid"
    example: ClassVar[Mapping[str, Any]] = {
        "errors": [{"field": "reason", "code": "missing", "message": "Field required"}]
    }


class Unauthenticated(DomainError):
    """No valid credentials came with a request that needs them."""

    status = HTTPStatus.UNAUTHORIZED
    code = "unauthenticated"
    title = "Sign in first"


class PermissionDenied(DomainError):
    """The caller is known, and may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "permission-denied"
    title = "Your grants do not allow this"


class NotFound(DomainError):
    """There is no such thing, or none that the caller may know of."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"
    title = "Not found"


class Conflict(DomainError):
    """The request clashes with what is there."""

    status = HTTPStatus.CONFLICT
    code = "conflict"
    title = "The request conflicts with the present state"


class PreconditionRequired(DomainError):
    """A change of a versioned resource came without `If-Match` (RFC 6585, section 3)."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    code = "precondition-required"
    title = "Send If-Match with the version you read"


class PreconditionFailed(DomainError):
    """The resource has changed since the caller read it; `extra.current_version` is the newest."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "precondition-failed"
    title = "This was changed after you read it"
    example: ClassVar[Mapping[str, Any]] = {"current_version": 4}


class Unavailable(DomainError):
    """A part that this request needs is unavailable for now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
    title = "The service is temporarily unavailable"

    def __init__(self, detail: str | None = None, *, retry_after_seconds: int = 1) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)})
