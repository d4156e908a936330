"""The page that Traefik fetches when it has only a status to tell."""

import json
from typing import Final

from common.problem_pages import PAGES, ProblemPage
from common.problems import MEDIA_TYPE, problem_body
from gateway import refusals
from gateway.policy_service.exchange import Exchange, HeaderList

OK: Final = 200
_FIXED: Final = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]


async def answer_unavailable(exchange: Exchange, _: str) -> None:
    """Answer 503 in place of a service none of whose servers is ready."""
    page = PAGES["503"]
    await exchange.respond(page.status, _headers(page), _body(exchange, page))


async def answer_problem(exchange: Exchange, name: str) -> None:
    """Answer 200: the edge keeps body and headers, and sets the status itself."""
    page = PAGES.get(name)
    if page is None:
        await exchange.refuse(refusals.RouteNotFound())
        return
    await exchange.respond(OK, _headers(page), _body(exchange, page))


def _headers(page: ProblemPage) -> HeaderList:
    return [*_FIXED, *((name.encode(), value.encode()) for name, value in page.headers.items())]


def _body(exchange: Exchange, page: ProblemPage) -> bytes:
    extra = {"request_id": exchange.correlation.request_id}
    problem = problem_body(page.status, page.code, page.title, page.detail, extra=extra)
    return json.dumps(problem, separators=(",", ":")).encode()
