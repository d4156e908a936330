"""Both services' OpenAPI descriptions, fetched over the internal network and merged into one."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import aiohttp

from common.logs import get_logger
from gateway.edge.documented_refusals import add_refusals
from gateway.edge.reference import render_reference
from gateway.routes import AuthRequirement, RouteTable

FRESH_SECONDS: Final = 60.0
FETCH_SECONDS: Final = 3.0
RETRY_SECONDS: Final = 1.0
_REF: Final = "$ref"
# Beside the whole description's requirement of a token.
_SECURITY: Final[Mapping[AuthRequirement, dict[str, Any]]] = {
    AuthRequirement.PUBLIC: {"security": []},
    AuthRequirement.OPTIONAL: {"security": [{}, {"bearer": []}]},
}
Document = dict[str, Any]

log = get_logger(__name__)


class DocumentsAwayError(Exception):
    """A service's description was never read and cannot be now."""


@dataclass(frozen=True, slots=True)
class Published:
    """The merged description as JSON, and as a page to read."""

    openapi: bytes
    reference: bytes

    @classmethod
    def of(cls, document: Document) -> "Published":
        """Both of a document."""
        return cls(json.dumps(document).encode(), render_reference(document).encode())


@dataclass(slots=True)
class Documents:
    """The descriptions by service; the last known one serves on while a service is away.

    What is made of them is made once: anyone may ask for it, and it takes long.
    """

    session: aiohttp.ClientSession
    bases: Mapping[str, str]
    title: str
    version: str
    public_url: str
    routes: RouteTable
    _known: dict[str, Document] = field(default_factory=dict)
    _published: Published | None = None
    _fetched_at: float = -FRESH_SECONDS
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def published(self) -> Published:
        """One description of the whole public API. Raises DocumentsAwayError."""
        known = await self._fresh()
        if known.keys() != self.bases.keys():
            raise DocumentsAwayError
        if self._published is None:
            self._published = Published.of(self._merged(known))
        return self._published

    def _merged(self, known: Mapping[str, Document]) -> Document:
        document = merge(known, {"title": self.title, "version": self.version})
        paths = add_refusals(admitting(document["paths"], self.routes), self.routes)
        return document | {"paths": paths, "servers": [{"url": self.public_url}]}

    async def versions(self) -> dict[str, str | None]:
        """Each service's version, None for one that has not answered yet."""
        known = await self._fresh()
        return {
            name: known[name]["info"]["version"] if name in known else None for name in self.bases
        }

    async def _fresh(self) -> dict[str, Document]:
        async with self._lock:
            complete = self._known.keys() == self.bases.keys()
            patience = FRESH_SECONDS if complete else RETRY_SECONDS
            if monotonic() - self._fetched_at >= patience:
                await asyncio.gather(*(self._fetch(name) for name in self.bases))
                self._fetched_at = monotonic()
        return {name: self._known[name] for name in self.bases if name in self._known}

    async def _fetch(self, name: str) -> None:
        try:
            async with (
                asyncio.timeout(FETCH_SECONDS),
                self.session.get(f"{self.bases[name]}/openapi.json") as response,
            ):
                response.raise_for_status()
                read = json.loads(await response.read())
                if read != self._known.get(name):
                    self._known[name], self._published = read, None
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.warning("openapi_unreadable", upstream=name, error=type(error).__name__)


def merge(documents: Mapping[str, Document], info: Mapping[str, str]) -> Document:
    """One document with the public paths and the components of all.

    Components of one name and one content are kept once; where they differ, the later service's
    gets the service's name as a prefix, and its references follow.
    """
    paths: Document = {}
    components: dict[str, Document] = {}
    for service, document in documents.items():
        renamed = _renamed(service, document, components)
        paths |= {
            path: item
            for path, item in renamed["paths"].items()
            if not path.startswith("/internal/")
        }
        for kind, entries in renamed.get("components", {}).items():
            components.setdefault(kind, {}).update(entries)
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    return {
        "openapi": "3.1.0",
        "info": dict(info),
        "paths": dict(sorted(paths.items())),
        "components": components,
        "security": [{"bearer": []}],
    }


def admitting(paths: Document, routes: RouteTable) -> Document:
    """The paths; operations that do without a token say so, unless they say what they ask for."""
    return {
        path: {method: {**_asked(method, path, routes), **each} for method, each in item.items()}
        for path, item in paths.items()
    }


def _asked(method: str, path: str, routes: RouteTable) -> Document:
    return _SECURITY.get(routes.match(method.upper(), path).route.auth, {})


def _renamed(service: str, document: Document, taken: Mapping[str, Document]) -> Document:
    clashes = _clashes(service, document.get("components", {}), taken)
    if not clashes:
        return document
    rewritten: Document = _rewrite(document, clashes)
    rewritten["components"] = {
        kind: {
            clashes.get(f"#/components/{kind}/{name}", name): entry for name, entry in items.items()
        }
        for kind, items in rewritten["components"].items()
    }
    return rewritten


def _clashes(
    service: str, components: Mapping[str, Document], taken: Mapping[str, Document]
) -> dict[str, str]:
    """The new names, by reference, of components that differ from those taken.

    One that refers to a renamed one differs by that, so the search goes on until nothing is new.
    """
    clashes: dict[str, str] = {}
    while True:
        found = {
            f"#/components/{kind}/{name}": f"{service.capitalize()}{name}"
            for kind, entries in _rewrite(components, clashes).items()
            for name, entry in entries.items()
            if taken.get(kind, {}).get(name, entry) != entry
        }
        if found == clashes:
            return clashes
        clashes = found


def _rewrite(node: Any, clashes: Mapping[str, str]) -> Any:
    if isinstance(node, list):
        return [_rewrite(item, clashes) for item in node]
    if not isinstance(node, dict):
        return node
    return dict(_rewritten_members(node, clashes))


def _rewritten_members(node: Document, clashes: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, value in node.items():
        if name == _REF and value in clashes:
            yield name, f"{value.rpartition('/')[0]}/{clashes[value]}"
        else:
            yield name, _rewrite(value, clashes)
