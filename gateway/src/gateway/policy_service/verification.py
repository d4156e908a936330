"""ForwardAuth: the verdict on one request, as a response that Traefik understands.

2xx: Traefik puts the assertion into the request, takes out what the client has sent of the kind
(`traefik.middlewares`), and sends it on.
Anything else: Traefik hands that response to the client as it is.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from common.identity import StepUp
from common.logs import get_logger
from common.navigation import shows_pages
from gateway import refusals
from gateway.documents.console import Console
from gateway.policy.decision import Decision, PolicyRequest
from gateway.policy.handshakes import HandshakeRules, is_forwarded_tls
from gateway.policy.paths import path_fault
from gateway.policy.policy import Policy
from gateway.policy.step_up import StepUpOperations
from gateway.policy_service.carried import ASSERTION
from gateway.policy_service.exchange import Exchange
from gateway.refusals import PathUnsafe, QuotaExceeded, Refusal
from gateway.routes import Route, RouteTable

OK: Final = 200
_ACCEPT: Final = b"accept"
_METHOD: Final = b"x-forwarded-method"
_URI: Final = b"x-forwarded-uri"

log = get_logger("access")


@dataclass(frozen=True, slots=True)
class Verification:
    """Asks the policy; the path of Traefik's request names the route."""

    policy: Policy
    routes: RouteTable
    handshakes: HandshakeRules
    step_up: StepUpOperations
    console: Console

    async def answer(self, exchange: Exchange, row: str) -> None:
        """Answer whether the client's request may go on along this row of the route table."""
        route = self.routes.by_name.get(row)
        if route is None:
            await exchange.refuse(refusals.RouteNotFound())
            return
        request = PolicyRequest(
            exchange.headers,
            exchange.peer,
            route,
            exchange.correlation,
            self._fault(exchange, route),
            self._step_up(exchange),
        )
        decision = await self.policy.decide(request)
        if decision.refusal is not None:
            exchange.extra += decision.quota.headers
            await self._refuse(exchange, route, decision.refusal)
            _record(exchange, route, decision)
            return
        # One header, as each costs Traefik and the service time: the assertion says everything.
        assertion = decision.assertion
        exchange.extra = [(ASSERTION, assertion)] if assertion is not None else []
        await exchange.respond(OK, [])

    async def _refuse(self, exchange: Exchange, route: Route, refusal: Refusal) -> None:
        """Send the problem; or a browser to the page of the console that says it in words."""
        shown = self.console.page is not None and isinstance(refusal, QuotaExceeded)
        accept = (exchange.headers.only(_ACCEPT) or b"").decode("latin-1")
        if route.refusal_page is None or not shown or not shows_pages(accept):
            await exchange.refuse(refusal)
            return
        page = f"{route.refusal_page}#error={refusal.code}"
        headers = [(b"location", page.encode()), (b"cache-control", b"no-store")]
        await exchange.respond(HTTPStatus.SEE_OTHER, headers)

    def _step_up(self, exchange: Exchange) -> StepUp | None:
        """What the operation requires; `_fault` has refused paths that may be read differently."""
        if not self.step_up.paths:
            return None
        return self.step_up.find(*_requested(exchange))

    def _fault(self, exchange: Exchange, route: Route) -> Refusal | None:
        """What is wrong with the request's form, a handshake's among them.

        First: why the client's path cannot be trusted to be the one that the edge has routed.

        The row is the edge's choice. The forwarded method and path can only make a request be
        refused: when they would lead to another row, then the edge and a service could as well
        read that path differently.
        """
        uri = exchange.headers.only(_URI) or b""
        raw_path, _, _ = uri.partition(b"?")
        fault = path_fault(raw_path)
        if fault is not None:
            return fault
        routed = self.routes.match(*_requested(exchange))
        if routed.route is not route:
            return PathUnsafe()
        # What Traefik sends here it knows itself, or has from a proxy that it trusts.
        tls = is_forwarded_tls(exchange.headers)
        return self.handshakes.fault(exchange.headers, exchange.peer, tls=tls)


def _requested(exchange: Exchange) -> tuple[str, str]:
    """The method and the path that the client has sent."""
    path, _, _ = (exchange.headers.only(_URI) or b"").partition(b"?")
    method = (exchange.headers.only(_METHOD) or b"").decode("latin-1")
    return method, unquote(path.decode("latin-1"))


def _record(exchange: Exchange, route: Route, decision: Decision) -> None:
    log.info(
        "refused",
        request_id=exchange.correlation.request_id,
        route=route.name,
        method=(exchange.headers.only(_METHOD) or b"").decode("latin-1"),
        status=exchange.status,
        decision=decision.reason,
        ip=decision.address,
        user_id=decision.token.subject if decision.token is not None else None,
    )
