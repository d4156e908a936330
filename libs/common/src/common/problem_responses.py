"""What the OpenAPI says of refusals: every code that an operation may answer, with an example.

    @router.post("/cases", responses=problems(ALLOWED, CREATING, CaseNumberTaken))

A status that an operation names replaces what the service says of that status everywhere, so the
groups below hold what goes together.
"""

from http import HTTPStatus
from typing import Any, Final

from common.admission import ContentEncodingUnsupported, ServiceBusy, TooManyInFlight
from common.errors import (
    BadRequest,
    DomainError,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    PreconditionRequired,
    Unauthenticated,
    Unavailable,
    ValidationFailed,
)
from common.idempotency import IdempotencyKeyBusy, IdempotencyKeyReused
from common.pages import CursorInvalid
from common.problems import MEDIA_TYPE, Problem

Errors = tuple[type[DomainError], ...]
Responses = dict[int | str, dict[str, Any]]

# What any operation may answer, whatever it does.
ANY: Final[Errors] = (
    BadRequest,
    Unauthenticated,
    ContentEncodingUnsupported,
    ValidationFailed,
    TooManyInFlight,
    Unavailable,
    ServiceBusy,
)
SIGNED_IN: Final[Errors] = (Unauthenticated,)
ALLOWED: Final[Errors] = (Unauthenticated, PermissionDenied)
VERSIONED: Final[Errors] = (PreconditionRequired, PreconditionFailed)
CREATING: Final[Errors] = (ValidationFailed, IdempotencyKeyReused, IdempotencyKeyBusy)
PAGED: Final[Errors] = (BadRequest, CursorInvalid, ValidationFailed)
ONE: Final[Errors] = (NotFound, ValidationFailed)

SCHEMA: Final = {"$ref": f"#/components/schemas/{Problem.__name__}"}
REQUEST_ID: Final = "0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e"


def problems(*errors: type[DomainError] | Errors) -> Responses:
    """The responses of an operation for these errors, grouped by status."""
    grouped: dict[HTTPStatus, list[type[DomainError]]] = {}
    for group in errors:
        for error in group if isinstance(group, tuple) else (group,):
            known = grouped.setdefault(error.status, [])
            if error not in known:
                known.append(error)
    return {int(status): _response(kinds) for status, kinds in sorted(grouped.items())}


def problem_example(
    status: int, code: str, title: str, members: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One problem as an example of the OpenAPI; `members` are its extension members."""
    body = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": title,
        "code": code,
        "request_id": REQUEST_ID,
    }
    return {"value": body | (members or {})}


def _response(kinds: list[type[DomainError]]) -> dict[str, Any]:
    return {
        "description": "; ".join(f"`{kind.code}`: {kind.title}" for kind in kinds),
        "model": Problem,
        "content": {
            MEDIA_TYPE: {
                "schema": SCHEMA,
                "examples": {kind.code: _example(kind) for kind in kinds},
            }
        },
    }


def _example(kind: type[DomainError]) -> dict[str, Any]:
    return problem_example(int(kind.status), kind.code, kind.title, dict(kind.example))
