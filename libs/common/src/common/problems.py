"""RFC 9457 problems: every error leaves as `application/problem+json`, nothing internal in it."""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

from common import context
from common.database import constraint_name
from common.errors import (
    BadRequest,
    Conflict,
    DomainError,
    FieldError,
    Unavailable,
    ValidationFailed,
)
from common.logs import get_logger

MEDIA_TYPE: Final = "application/problem+json"
# What a refusal repeats of a request is bounded.
MOST_FAULTS: Final = 100
LONGEST_FIELD: Final = 200
ROUTED_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")
ConstraintErrors = Mapping[str, type[DomainError]]

DATABASE_UNAVAILABLE: Final = (OperationalError, InterfaceError, PoolTimeout)

log = get_logger(__name__)


class ProblemFieldError(BaseModel):
    """One invalid field."""

    field: str
    code: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details, as every error of every service has them."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None
    errors: list[ProblemFieldError] | None = None


def problem_body(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    errors: Sequence[FieldError] = (),
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The members of one problem, with the ID of the request being served."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": context.request_id.get(),
    }
    if errors:
        body["errors"] = [
            {"field": error.field, "code": error.code, "message": error.message} for error in errors
        ]
    return body | dict(extra or {})


class ProblemResponse(JSONResponse):
    """A problem; a lone surrogate of the request, which UTF-8 has not, is escaped as in JSON."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        """The body."""
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")


def render(error: DomainError) -> JSONResponse:
    """The response for a domain error."""
    body = problem_body(
        error.status,
        error.code,
        error.title,
        error.detail,
        errors=error.errors,
        extra=error.extra,
    )
    headers = dict(error.headers)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return ProblemResponse(body, status_code=error.status, headers=headers)


def install_problem_handlers(app: FastAPI, constraints: ConstraintErrors) -> None:
    """Render every error as a problem; `constraints` maps constraint names to domain errors."""

    def integrity(error: IntegrityError) -> DomainError:
        name = constraint_name(error)
        known = constraints.get(name or "")
        if known is None:
            log.warning("unmapped_constraint", constraint=name)
        return (known or Conflict)()

    _handle(app, DomainError, lambda error: error)
    _handle(app, IntegrityError, integrity)
    # A lone surrogate, too, is text that no database stores.
    for unstorable in (DataError, UnicodeError):
        _handle(app, unstorable, lambda _: BadRequest("A value cannot be stored"))
    for unavailable in DATABASE_UNAVAILABLE:
        _handle(app, unavailable, database_unavailable)
    _handle(app, RequestValidationError, _validation)
    app.exception_handler(HTTPException)(_http_exception)


def _handle(app: FastAPI, kind: type[Exception], translate: Callable[[Any], DomainError]) -> None:
    async def handler(_request: Request, error: Exception) -> JSONResponse:
        return render(translate(error))

    app.exception_handler(kind)(handler)


def database_unavailable(error: Exception) -> DomainError:
    """The answer to any error in `DATABASE_UNAVAILABLE`."""
    log.warning("database_unavailable", error=type(error).__name__)
    # A commit whose answer was lost may have happened, so nothing is promised of it.
    return Unavailable(
        "The database is unavailable; try again, a change under the same Idempotency-Key"
    )


def _validation(error: RequestValidationError) -> DomainError:
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return BadRequest("The body is not valid JSON")
    return ValidationFailed(
        "Some fields are not valid",
        errors=tuple(
            FieldError(field=_field(fault["loc"]), code=fault["type"], message=fault["msg"])
            for fault in faults[:MOST_FAULTS]
        ),
    )


def _field(location: Sequence[int | str]) -> str:
    source, *path = location
    return (".".join(str(part) for part in path) or str(source))[:LONGEST_FIELD]


async def _http_exception(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: unknown path, wrong method, unreadable body."""
    if not isinstance(error, HTTPException):
        raise TypeError(type(error))
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
        if request.method == "OPTIONS":  # no route takes it, so that each path is asked here
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    code = status.phrase.lower().replace(" ", "-")
    body = problem_body(status, code, status.phrase, str(error.detail or status.phrase))
    return ProblemResponse(body, status_code=status, headers=headers)


def _allowed_methods(request: Request) -> list[str]:
    """What a path takes, over all of its routes: Starlette names the methods of the first alone.

    Every GET answers HEAD, and every path OPTIONS.
    """
    scope = {"type": "http", "path": request.scope["path"], "root_path": "", "headers": []}
    found = {
        method
        for method in ROUTED_METHODS
        for route in request.app.routes
        if route.matches({**scope, "method": method})[0] is Match.FULL
    }
    return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))


def unexpected(error: Exception) -> JSONResponse:
    """A fault of ours: the log has it all, the caller gets the request ID to quote."""
    log.error("unexpected_error", exc_info=error)
    body = problem_body(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Something went wrong on our side",
        "The fault is in the log under this request ID",
    )
    return ProblemResponse(body, status_code=HTTPStatus.INTERNAL_SERVER_ERROR)
