"""What the policy service answers to clients, through Traefik, in place of a service."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from gateway import refusals
from gateway.policy.decision import PolicyRequest
from gateway.policy.handshakes import HandshakeRules, is_forwarded_tls
from gateway.policy.paths import path_fault
from gateway.policy.policy import Policy
from gateway.policy_service.exchange import Exchange
from gateway.policy_service.own_pages import OwnPages
from gateway.policy_service.preflights import Preflights, is_preflight
from gateway.routes import UNROUTED, BodyClass, Match, RouteTable, Upstream
from gateway.settings import GatewaySettings

NO_CONTENT: Final = 204
DRAINED_BYTES: Final = 16 * 1024 * 1024
DRAIN_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class ClientPages:
    """Answers requests that no service gets; Traefik adds CORS to all but preflights."""

    policy: Policy
    routes: RouteTable
    own: OwnPages
    preflights: Preflights
    handshakes: HandshakeRules
    settings: GatewaySettings

    async def answer(self, exchange: Exchange, raw_path: bytes) -> None:
        """Answer the client's request for this path: a page of ours, or what is wrong with it."""
        exchange.scope["raw_path"] = raw_path
        exchange.scope["path"] = unquote(raw_path.decode("latin-1"))
        if is_preflight(exchange.method, exchange.headers):
            methods = self._methods(exchange.path)
            headers = self.preflights.headers(exchange.headers, methods)
            await exchange.respond(NO_CONTENT, headers)
        elif not await self.own.answer_probe(exchange):
            await self._answer(exchange, raw_path)

    async def answer_probe(self, exchange: Exchange) -> bool:
        """Answer the probes of this process itself; False when it is none."""
        return await self.own.answer_probe(exchange)

    async def answer_too_large(self, exchange: Exchange, body_class: str) -> None:
        """Answer 413, once some of the body is read: who still sends would not see the answer."""
        await _drain(exchange)
        limit = self.settings.body_bytes(BodyClass(body_class))
        await exchange.refuse(refusals.BodyTooLarge(limit))

    async def answer_plain(self, exchange: Exchange, _: str) -> None:
        """Refuse what should have come over TLS; of a preflight, the call after it."""
        if is_preflight(exchange.method, exchange.headers):
            await exchange.respond(NO_CONTENT, self.preflights.headers(exchange.headers, ()))
        else:
            await exchange.refuse(refusals.TlsRequired())

    async def _answer(self, exchange: Exchange, raw_path: bytes) -> None:
        # What Traefik sends here it knows itself, or has from a proxy that it trusts.
        tls = is_forwarded_tls(exchange.headers)
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
            await self._answer_unrouted(exchange)

    async def _answer_unrouted(self, exchange: Exchange) -> None:
        allowed = self._methods(exchange.path)
        if not allowed:
            await exchange.refuse(refusals.RouteNotFound())
        elif exchange.method == "OPTIONS":
            await exchange.respond(NO_CONTENT, [(b"allow", ", ".join(allowed).encode())])
        else:
            await exchange.refuse(refusals.MethodNotAllowed(allowed))

    def _methods(self, path: str) -> tuple[str, ...]:
        """By the description of the API; by the route table until that is read."""
        published = self.own.documents.published
        described = published.methods.of(path) if published is not None else ()
        methods = described or self.routes.match("", path).allowed
        return (*methods, "OPTIONS") if methods else ()


async def _drain(exchange: Exchange) -> None:
    """Read the rest of the body and forget it, as far as that is worth it."""
    received, more = 0, True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while more and received <= DRAINED_BYTES:
                message = await exchange.receive()
                received += len(message.get("body", b""))
                more = message.get("more_body", False)
