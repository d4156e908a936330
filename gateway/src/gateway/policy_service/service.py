"""The policy service: one bare ASGI app, for Traefik on the same private network alone.

/verify/<route>      ForwardAuth: is this request allowed on that row of the route table?
/edge/<path>         what the gateway itself answers to clients: its pages, 404, 405, 400
/problem/<name>      the body of a problem that the edge could not tell (`common.problem_pages`)
/unavailable         503 while no server of a service is ready
/too-large/<class>   413, with the rest of the body read and discarded
/plain               what came over plain HTTP where TLS is spoken
/livez, /readyz      this process
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from starlette.types import Receive, Scope, Send

from common.logs import get_logger
from common.problem_pages import PAGES, ProblemPage
from common.problems import MEDIA_TYPE, problem_body
from gateway import refusals
from gateway.policy.correlation import correlate
from gateway.policy.headers import HeaderMap, RawHeaders
from gateway.policy_service.carried import Carried
from gateway.policy_service.exchange import Exchange, HeaderList
from gateway.policy_service.pages import ClientPages
from gateway.policy_service.verification import Verification

FORWARDED_FOR: Final = b"x-forwarded-for"
OK: Final = 200
_FIXED: Final = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]
EDGE: Final = b"/edge"
AFTER_VERDICT: Final = frozenset({b"problem", b"unavailable", b"too-large"})
Answer = Callable[[Exchange, str], Awaitable[None]]
log = get_logger("access")


class Forwarded(NamedTuple):
    """The client's headers, and the address that its connection to the edge came from."""

    headers: HeaderMap
    peer: str | None


def read_forwarded(raw: RawHeaders) -> Forwarded:
    """Take the last hop off `X-Forwarded-For`: the edge has written it, and is believed.

    What is left of the header is what the client, or a proxy before the edge, has sent; the policy
    judges it by the networks it trusts.
    """
    headers = HeaderMap(raw)
    written = headers.all(FORWARDED_FOR)
    if not written:
        return Forwarded(headers, None)
    before, _, last = b", ".join(written).rpartition(b",")
    headers.put(FORWARDED_FOR, before)
    return Forwarded(headers, last.strip().decode("latin-1"))


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


@dataclass(slots=True)
class PolicyService:
    """Serves what an edge asks; a path is read once, as it came, and nothing in it is resolved."""

    verification: Verification
    pages: ClientPages
    carried: Carried
    _answers: dict[bytes, Answer] = field(init=False)

    def __post_init__(self) -> None:
        self._answers = {
            b"verify": self.verification.answer,
            b"problem": answer_problem,
            b"unavailable": answer_unavailable,
            b"too-large": self.pages.answer_too_large,
            b"plain": self.pages.answer_plain,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request of the edge."""
        forwarded = read_forwarded(scope["headers"])
        headers = forwarded.headers
        scope["client"] = (forwarded.peer, 0) if forwarded.peer is not None else None
        exchange = Exchange(scope, receive, send, headers, correlate(headers))
        try:
            await self._serve(exchange)
        except Exception:
            log.exception("unexpected_error", request_id=exchange.correlation.request_id)
            if exchange.responding:
                raise  # half an answer is out: only cutting the connection signals the edge
            await exchange.refuse(refusals.InternalError())

    async def _serve(self, exchange: Exchange) -> None:
        raw_path: bytes = exchange.scope["raw_path"]
        head, _, rest = raw_path[1:].partition(b"/")
        answer = self._answers.get(head)
        if head in AFTER_VERDICT:
            self.carried.restore(exchange)
        if answer is not None:
            await answer(exchange, rest.decode("latin-1"))
        elif raw_path.startswith(EDGE + b"/"):
            await self.pages.answer(exchange, raw_path.removeprefix(EDGE))
        elif not await self.pages.answer_probe(exchange):
            await exchange.refuse(refusals.RouteNotFound())
