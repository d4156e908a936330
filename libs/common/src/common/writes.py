"""How every write runs: its endpoint gives an `Answer`, which becomes the response here.

    @router.patch("/{case_id}", response_model=CaseRead, ...)
    @write
    async def change_case(…, expected: ExpectedVersionDep, body: CaseUpdate) -> Answer:
        case = await cases.change(case_id, body.columns(), expected, by)
        return Answer.of(case, CaseRead.of(case))

The answer's version becomes the ETag. Commit and audit belong to the unit of work, which ends
before the response leaves (`common.composition`). A write may be repeated safely: `@write` is for
one that `If-Match` guards or that has the same result twice, `@write_once` for all others.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from inspect import Parameter, signature
from typing import Any, Final

from fastapi import Response

from common.idempotency import Answer, IdempotencyDep

Endpoint = Callable[..., Awaitable[Answer | None]]
Served = Callable[..., Awaitable[Response]]

DONE: Final = Answer(None, HTTPStatus.NO_CONTENT)


def write(endpoint: Endpoint) -> Served:
    """A PATCH or a DELETE; without an answer it is a 204."""

    @wraps(endpoint)
    async def run(**arguments: Any) -> Response:
        return (await endpoint(**arguments) or DONE).response()

    return _typed(run, endpoint)


def write_once(endpoint: Callable[..., Awaitable[Answer]]) -> Served:
    """A POST: run at most once for its `Idempotency-Key`, then given its first answer again."""

    @wraps(endpoint)
    async def run(idempotency: IdempotencyDep, **arguments: Any) -> Response:
        return await idempotency.run(lambda: endpoint(**arguments))

    own = Parameter("idempotency", Parameter.KEYWORD_ONLY, annotation=IdempotencyDep)
    return _typed(run, endpoint, own)


def _typed(run: Served, endpoint: Endpoint, *own: Parameter) -> Served:
    """Show FastAPI the endpoint's parameters, and that the response is made already."""
    shown = signature(endpoint)
    parameters = [*shown.parameters.values(), *own]
    run.__signature__ = shown.replace(  # type: ignore[attr-defined]  # as `inspect` reads it
        parameters=parameters, return_annotation=Response
    )
    return run
