"""How every write runs: its endpoint gives an `Answer`, which becomes the response here.

    @router.patch("/{case_id}", response_model=CaseRead, ...)
    @write
    async def change_case(…, expected: ExpectedVersionDep, body: CaseUpdate) -> Answer:
        case = await cases.change(case_id, body.columns(), expected, by)
        return Answer.of(case, CaseRead.of(case))

The answer's version becomes the ETag. Commit and audit belong to the unit of work, which ends
before the response leaves (`common.composition`). A write may be repeated safely: `@write` is for
one that `If-Match` guards or that has the same result twice, `@write_once` of `common.idempotency`
for all others.

`If-Match` is that of RFC 9110, 13.1.1. A client that has read a resource holds its version and a
digest of all that was shown (`common.answers`). A change is guarded by the version alone: a court's
new name is no change of a case.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from inspect import Parameter, signature
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Header, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from common.errors import BadRequest, PreconditionFailed, PreconditionRequired

Served = Callable[..., Awaitable[Response]]
# The version that a client has seen; None is `If-Match: *`, for any version.
ExpectedVersion = int | None

IF_MATCH: Final = "If-Match"
# The version fits an int of Postgres.
_TAG: Final = re.compile(r'"([0-9]{1,9})(?:-[0-9a-f]{16})?"')


def etag(version: int) -> str:
    """The strong entity tag of a version."""
    return f'"{version}"'


def set_etag(response: Response, version: int) -> None:
    """Tell the client which version it holds."""
    response.headers["ETag"] = etag(version)


def _if_match(description: str) -> Any:
    return Header(alias=IF_MATCH, max_length=64, description=description, examples=['"3"'])


def expected_version(if_match: str | None) -> ExpectedVersion:
    """The version that the client believes is current. Raises PreconditionRequired, BadRequest."""
    if if_match is None:
        raise PreconditionRequired
    return _version_of(if_match)


async def _required(
    if_match: Annotated[
        str | None, _if_match("The ETag of the version that you change; `*` for any version")
    ] = None,
) -> ExpectedVersion:
    return expected_version(if_match)


async def _if_given(
    if_match: Annotated[
        str | None,
        _if_match("The ETag of what you decided by; without it, whatever it is now"),
    ] = None,
) -> ExpectedVersion:
    """The same where a write may do without. Raises BadRequest."""
    return None if if_match is None else _version_of(if_match)


def _version_of(if_match: str) -> ExpectedVersion:
    given = if_match.strip()
    if given == "*":
        return None
    tag = _TAG.fullmatch(given)
    if tag is None:
        raise BadRequest('If-Match must be an ETag of this resource, such as "3"')
    return int(tag[1])


ExpectedVersionDep = Annotated[ExpectedVersion, Depends(_required)]
VersionIfGivenDep = Annotated[ExpectedVersion, Depends(_if_given)]


def check_version(expected: ExpectedVersion, current: int) -> None:
    """Raise PreconditionFailed, which names the current version, when they differ."""
    if expected not in (None, current):
        raise PreconditionFailed(
            extra={"current_version": current}, headers={"ETag": etag(current)}
        )


class Versioned(Protocol):
    """What has a version: a row, or a body that shows one."""

    @property
    def version(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answers: a body to encode, and the version when the resource has one."""

    body: Any
    status: int = HTTPStatus.CREATED
    version: int | None = None
    location: str | None = None

    @classmethod
    def of(cls, row: Versioned, body: Any) -> "Answer":
        """What was changed, as it is shown."""
        return cls(body, HTTPStatus.OK, row.version)

    def response(self) -> Response:
        if self.status == HTTPStatus.NO_CONTENT:
            return Response(status_code=self.status)
        return JSONResponse(
            jsonable_encoder(self.body), status_code=self.status, headers=self.headers()
        )

    def headers(self) -> dict[str, str]:
        headers = {"Location": self.location} if self.location else {}
        return headers | ({"ETag": etag(self.version)} if self.version is not None else {})


DONE: Final = Answer(None, HTTPStatus.NO_CONTENT)


def write(endpoint: Callable[..., Awaitable[Answer | None]]) -> Served:
    """The endpoint of a PATCH or a DELETE; without an answer it is a 204."""

    @wraps(endpoint)
    async def run(**arguments: Any) -> Response:
        return (await endpoint(**arguments) or DONE).response()

    return served(run, endpoint)


def served(run: Served, endpoint: Callable[..., Any], *own: Parameter) -> Served:
    """Show FastAPI the endpoint's parameters and the runner's own, and that it makes responses."""
    shown = signature(endpoint)
    parameters = [*shown.parameters.values(), *own]
    run.__signature__ = shown.replace(  # type: ignore[attr-defined]  # as `inspect` reads it
        parameters=parameters, return_annotation=Response
    )
    return run
