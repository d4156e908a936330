"""What the OpenAPI says of refusals: every code that an operation may answer, with an example."""

from http import HTTPStatus
from typing import Any, Final

from auth_service.clients.schemas import TokenErrorAnswer
from auth_service.limits.errors import RateLimited
from common.errors import (
    DomainError,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    PreconditionRequired,
    Unauthenticated,
    ValidationFailed,
)
from common.idempotency import IdempotencyKeyBusy, IdempotencyKeyReused
from common.pages import CursorInvalid
from common.problems import MEDIA_TYPE, Problem

Errors = tuple[type[DomainError], ...]
Responses = dict[int | str, dict[str, Any]]

SIGNED_IN: Final[Errors] = (Unauthenticated,)
ADMIN: Final[Errors] = (Unauthenticated, PermissionDenied)
VERSIONED: Final[Errors] = (PreconditionRequired, PreconditionFailed)
CREATING: Final[Errors] = (ValidationFailed, IdempotencyKeyReused, IdempotencyKeyBusy)
PAGED: Final[Errors] = (CursorInvalid, ValidationFailed)
ONE: Final[Errors] = (NotFound, ValidationFailed)

_SCHEMA: Final = {"$ref": f"#/components/schemas/{Problem.__name__}"}
_REQUEST_ID: Final = "0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e"
_EXTRA: Final[dict[type[DomainError], dict[str, Any]]] = {
    PreconditionFailed: {"current_version": 4},
    ValidationFailed: {
        "errors": [{"field": "email", "code": "email-invalid", "message": "is no address"}]
    },
    RateLimited: {"violated-policies": ["login-account"]},
}


def problems(*errors: type[DomainError] | Errors) -> Responses:
    """The responses of an operation for these errors, grouped by status."""
    grouped: dict[HTTPStatus, list[type[DomainError]]] = {}
    for group in errors:
        for error in group if isinstance(group, tuple) else (group,):
            known = grouped.setdefault(error.status, [])
            if error not in known:
                known.append(error)
    return {int(status): _response(kinds) for status, kinds in sorted(grouped.items())}


def token_errors(description: str, *errors: str) -> dict[str, Any]:
    """A refusal in OAuth's own words, which its clients expect instead of a problem."""
    examples = {
        error: {
            "summary": error,
            "value": {"error": error, "error_description": "what is wrong, in words"},
        }
        for error in errors
    }
    return {
        "description": description,
        "model": TokenErrorAnswer,
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{TokenErrorAnswer.__name__}"},
                "examples": examples,
            }
        },
    }


def _response(kinds: list[type[DomainError]]) -> dict[str, Any]:
    return {
        "description": "; ".join(f"`{kind.code}`: {kind.title}" for kind in kinds),
        "model": Problem,
        "content": {
            MEDIA_TYPE: {
                "schema": _SCHEMA,
                "examples": {kind.code: _example(kind) for kind in kinds},
            }
        },
    }


def _example(kind: type[DomainError]) -> dict[str, Any]:
    body = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": int(kind.status),
        "detail": kind.title,
        "code": kind.code,
        "request_id": _REQUEST_ID,
    }
    return {"summary": kind.title, "value": body | _EXTRA.get(kind, {})}
