"""The policy service: one bare ASGI app, for Traefik on the same private network alone.

/verify/<route>      ForwardAuth: is this request allowed on that row of the route table?
/edge/<path>         what the gateway itself answers to clients: its pages, 404, 405, 400
/problem/<name>      the body of a problem that the edge could not tell (`common.problem_pages`)
/unavailable         503 while no server of a service is ready
/too-large/<class>   413, with the rest of the body read away
/plain               what came over plain HTTP where TLS is spoken
/livez, /readyz      this process
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.types import Receive, Scope, Send

from common.logs import get_logger
from gateway import refusals
from gateway.policy.correlation import correlate
from gateway.policy_service.carried import Carried
from gateway.policy_service.exchange import Exchange
from gateway.policy_service.pages import ClientPages
from gateway.policy_service.problems import answer_problem, answer_unavailable
from gateway.policy_service.requests import read_forwarded
from gateway.policy_service.verification import Verification

EDGE: Final = b"/edge"
AFTER_VERDICT: Final = frozenset({b"problem", b"unavailable", b"too-large"})
Answer = Callable[[Exchange, str], Awaitable[None]]

log = get_logger("access")


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
