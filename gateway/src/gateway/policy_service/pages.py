"""What the gateway itself answers to clients when the edge is another program."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from gateway.edge import failures
from gateway.edge.bodies import RequestBody
from gateway.edge.cors import Cors, is_preflight
from gateway.edge.exchange import Exchange
from gateway.edge.handshakes import HandshakeRules, is_told_protected
from gateway.edge.own_pages import OwnPages
from gateway.edge.paths import path_fault
from gateway.policy.decision import PolicyRequest
from gateway.policy.policy import Policy
from gateway.routes import UNROUTED, BodyClass, Match, RouteTable, Upstream

NO_CONTENT: Final = 204


@dataclass(frozen=True, slots=True)
class ClientPages:
    """Answers requests that no service gets; the edge adds CORS to what is said here."""

    policy: Policy
    routes: RouteTable
    own: OwnPages
    cors: Cors
    handshakes: HandshakeRules
    body_bytes: Mapping[BodyClass, int]

    async def answer(self, exchange: Exchange, raw_path: bytes) -> None:
        """Answer the client's request for this path: a page of ours, or what is wrong with it."""
        exchange.scope["raw_path"] = raw_path
        exchange.scope["path"] = unquote(raw_path.decode("latin-1"))
        if is_preflight(exchange.method, exchange.headers):
            await exchange.respond(NO_CONTENT, self.cors.preflight_headers(exchange.headers))
        elif not await self.own.answer_probe(exchange):
            await self._answer(exchange, raw_path)

    async def answer_probe(self, exchange: Exchange) -> bool:
        """Answer the probes of this process itself; False when it is none."""
        return await self.own.answer_probe(exchange)

    async def answer_too_large(self, exchange: Exchange, body_class: str) -> None:
        """Answer 413, once the body is read away: whoever still sends would not see the answer."""
        limit = self.body_bytes[BodyClass(body_class)]
        body = RequestBody(exchange.receive, exchange.headers, limit)
        await body.drain()
        await exchange.refuse(failures.body_too_large(limit, close=False))

    async def answer_plain(self, exchange: Exchange, _: str) -> None:
        """Refuse what should have come over TLS; a preflight is told so by the call after it."""
        if is_preflight(exchange.method, exchange.headers):
            await exchange.respond(NO_CONTENT, self.cors.preflight_headers(exchange.headers))
        else:
            await exchange.refuse(failures.TLS_REQUIRED)

    async def _answer(self, exchange: Exchange, raw_path: bytes) -> None:
        # What Traefik tells here it knows itself, or has from a proxy that it trusts.
        tls = is_told_protected(exchange.headers)
        fault = path_fault(raw_path) or self.handshakes.fault(
            exchange.headers, exchange.peer, tls=tls
        )
        match = Match(UNROUTED)
        if fault is None:
            match = self.routes.match(exchange.method, exchange.path)
        decision = await self.policy.decide(
            PolicyRequest(exchange.headers, exchange.peer, match.route, exchange.correlation, fault)
        )
        exchange.extra += decision.quota.headers
        if decision.refusal is not None:
            await exchange.refuse(decision.refusal)
        elif match.route.upstream is Upstream.GATEWAY and match.found:
            await self.own.answer(exchange)
        else:
            allowed = match.allowed
            missing = failures.method_not_allowed(allowed) if allowed else failures.NOT_FOUND
            await exchange.refuse(missing)
