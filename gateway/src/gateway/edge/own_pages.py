"""What the gateway answers itself: probes, the state of the system, and its documentation."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from time import monotonic
from typing import Any, Final

from common.health import Health
from gateway.edge import failures
from gateway.edge.documents import Documents, DocumentsAwayError
from gateway.edge.exchange import Exchange
from gateway.edge.reference import CONTENT_SECURITY_POLICY

REPORT_SECONDS: Final = 1.0
VERSION: Final = version("masijala-gateway")
_PROBES: Final = frozenset({"/livez", "/readyz"})
_NO_STORE: Final = (b"cache-control", b"no-store")
_JSON: Final = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"public, max-age=60"),
]
_HTML: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
]


@dataclass(slots=True)
class OwnPages:
    """Answers; `health` also says when the gateway is draining."""

    health: Health
    documents: Documents
    _report: dict[str, str] = field(default_factory=dict)
    _reported_at: float = -REPORT_SECONDS
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer_probe(self, exchange: Exchange) -> bool:
        """Answer `/livez` or `/readyz`, free of any quota; False when it is neither."""
        if exchange.path not in _PROBES or exchange.method not in ("GET", "HEAD"):
            return False
        exchange.route_name = "probe"
        if exchange.path == "/livez":
            await exchange.respond_json(HTTPStatus.OK, {"status": "ok"}, [_NO_STORE])
        else:
            await self._answer_health(exchange)
        return True

    async def answer(self, exchange: Exchange) -> None:
        """Answer a route whose upstream is the gateway."""
        match exchange.path:
            case "/api/v1/system/health":
                await self._answer_health(exchange)
            case "/api/v1/system/version":
                await exchange.respond_json(HTTPStatus.OK, await self._versions(), [_NO_STORE])
            case "/openapi.json" | "/docs":
                await self._answer_described(exchange)
            case _:
                await exchange.refuse(failures.NOT_FOUND)

    async def _answer_health(self, exchange: Exchange) -> None:
        checks = await self._checks()
        ready = all(state == "ok" for state in checks.values())
        await exchange.respond_json(
            HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
            {"status": "ok" if ready else "unavailable", "checks": checks},
            [_NO_STORE],
        )

    async def _checks(self) -> dict[str, str]:
        """Each part's state; asked at most once a second, for anyone may ask us."""
        if self.health.draining:
            return {"gateway": "draining"}
        async with self._asking:
            if monotonic() - self._reported_at >= REPORT_SECONDS:
                _, self._report = await self.health.report()
                self._reported_at = monotonic()
        return self._report

    async def _versions(self) -> dict[str, Any]:
        return {"version": VERSION, "services": await self.documents.versions()}

    async def _answer_described(self, exchange: Exchange) -> None:
        try:
            published = await self.documents.published()
        except DocumentsAwayError:
            await exchange.refuse(failures.DOCUMENT_AWAY)
            return
        if exchange.path == "/docs":
            await exchange.respond(HTTPStatus.OK, _HTML, published.reference)
        else:
            await exchange.respond(HTTPStatus.OK, _JSON, published.openapi)
