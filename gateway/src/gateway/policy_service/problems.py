"""The page that Traefik fetches when it has only a status to tell."""

import json
from typing import Final

from common.problem_pages import PAGES, ProblemPage
from common.problems import MEDIA_TYPE, problem_body
from gateway import failures
from gateway.policy_service.exchange import Exchange

OK: Final = 200
_FIXED: Final = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]


async def answer_problem(exchange: Exchange, name: str) -> None:
    """Answer 200: the edge keeps body and headers, and sets the status itself."""
    page = PAGES.get(name)
    if page is None:
        await exchange.refuse(failures.NOT_FOUND)
        return
    own = [(name.encode(), value.encode()) for name, value in page.headers.items()]
    await exchange.respond(OK, [*_FIXED, *own], _body(exchange, page))


def _body(exchange: Exchange, page: ProblemPage) -> bytes:
    extra = {"request_id": exchange.correlation.request_id}
    problem = problem_body(page.status, page.code, page.title, page.detail, extra=extra)
    return json.dumps(problem, separators=(",", ":")).encode()
