"""What the gateway answers itself: probes, the state of the system, and its documentation."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from time import monotonic
from typing import Final

from common.health import Health
from gateway import refusals
from gateway.documents.console import PREFIX, Console
from gateway.documents.publishing import Documents
from gateway.documents.swagger_ui import CONTENT_SECURITY_POLICY, Asset, read_assets
from gateway.policy_service.exchange import Exchange, HeaderList
from gateway.routes import CONSOLE_PAGES

REPORT_SECONDS: Final = 1.0
VERSION: Final = version("masijala-gateway")
PROBES: Final = frozenset({"/livez", "/readyz"})
_NO_STORE: Final = (b"cache-control", b"no-store")
_NO_SNIFF: Final = (b"x-content-type-options", b"nosniff")
_DOCUMENT: Final = [(b"cache-control", b"public, max-age=60"), _NO_SNIFF]
_PAGE_POLICY: Final = (b"content-security-policy", CONTENT_SECURITY_POLICY.encode())


@dataclass(slots=True)
class OwnPages:
    """Answers; `health` also says when the gateway is draining."""

    health: Health
    documents: Documents
    console: Console
    assets: Mapping[str, Asset] = field(default_factory=read_assets)
    _report: dict[str, str] = field(default_factory=dict)
    _reported_at: float = -REPORT_SECONDS
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer_probe(self, exchange: Exchange) -> bool:
        """Answer `/livez` or `/readyz`, free of any quota; False when it is neither."""
        if exchange.path not in PROBES or exchange.method not in ("GET", "HEAD"):
            return False
        if exchange.path == "/livez":
            await exchange.respond_json(HTTPStatus.OK, {"status": "ok"}, [_NO_STORE, _NO_SNIFF])
        else:
            await self._answer_health(exchange)
        return True

    async def answer(self, exchange: Exchange) -> None:
        """Answer a route whose upstream is the gateway."""
        match exchange.path:
            case "/api/v1/system/health":
                await self._answer_health(exchange)
            case "/api/v1/system/version":
                versions = {"version": VERSION, "services": self.documents.versions}
                await exchange.respond_json(HTTPStatus.OK, versions, [_NO_STORE, _NO_SNIFF])
            case "/openapi.json":
                await self._answer_openapi(exchange)
            case path if path in self.assets:
                await _answer_asset(exchange, self.assets[path])
            case path:
                await self._answer_console(exchange, path)

    async def _answer_console(self, exchange: Exchange, path: str) -> None:
        found = None
        if path.startswith(PREFIX):
            accepted = b",".join(exchange.headers.all(b"accept-encoding"))
            found = self.console.asset(path, accepted)
        elif path == "/" or path.split("/")[1] in CONSOLE_PAGES:
            found = self.console.index()
        if found is None:
            await exchange.refuse(refusals.RouteNotFound())
        else:
            await exchange.respond(HTTPStatus.OK, *found)

    async def _answer_health(self, exchange: Exchange) -> None:
        checks = await self._checks()
        ready = all(state == "ok" for state in checks.values())
        await exchange.respond_json(
            HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
            {"status": "ok" if ready else "unavailable", "checks": checks},
            [_NO_STORE, _NO_SNIFF],
        )

    async def _checks(self) -> dict[str, str]:
        """Each part's state; asked at most once a second, for anyone may ask us."""
        if self.health.draining:
            return {"gateway": "draining"}
        async with self._fetching:
            if monotonic() - self._reported_at >= REPORT_SECONDS:
                _, self._report = await self.health.report()
                self._reported_at = monotonic()
        return self._report

    async def _answer_openapi(self, exchange: Exchange) -> None:
        published = self.documents.published
        if published is None:
            await exchange.refuse(refusals.DocumentUnavailable())
        else:
            headers = [(b"content-type", b"application/json"), (b"etag", published.etag)]
            await _answer_file(exchange, headers, published.openapi)


async def _answer_asset(exchange: Exchange, asset: Asset) -> None:
    headers = [(b"content-type", asset.media_type.encode()), (b"etag", asset.etag.encode())]
    await _answer_file(exchange, [*headers, _PAGE_POLICY], asset.content)


async def _answer_file(exchange: Exchange, headers: HeaderList, content: bytes) -> None:
    headers = [*headers, *_DOCUMENT]
    if dict(headers)[b"etag"] in b",".join(exchange.headers.all(b"if-none-match")):
        await exchange.respond(HTTPStatus.NOT_MODIFIED, headers)
    else:
        await exchange.respond(HTTPStatus.OK, headers, content)
