"""The services' OpenAPI descriptions, fetched over the internal network, published as one."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from common.errors import Unavailable
from common.http_client import ServiceClient
from common.logs import get_logger
from gateway.documents.merging import Document, admitting, merge
from gateway.documents.methods import PathMethods
from gateway.documents.refusals import add_refusals
from gateway.documents.sharing import share_answers, share_parameters, share_problems
from gateway.documents.shortening import shorten
from gateway.routes import RouteTable

FRESH_SECONDS: Final = 60.0
RETRY_SECONDS: Final = 1.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """The merged description as JSON, and what it says of methods."""

    openapi: bytes
    etag: bytes
    methods: PathMethods

    @classmethod
    def of(cls, document: Document) -> "Published":
        """All that is made of a document; takes a good part of a second."""
        openapi = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        return cls(
            openapi,
            f'"{sha256(openapi).hexdigest()[:16]}"'.encode(),
            PathMethods(document["paths"]),
        )


@dataclass(slots=True)
class Documents:
    """Reads the descriptions in the background; the last known ones stay when a service stops."""

    clients: Mapping[str, ServiceClient]
    info: Mapping[str, str]
    routes: RouteTable
    published: Published | None = None
    _known: dict[str, Document] = field(default_factory=dict)

    @property
    def versions(self) -> dict[str, str | None]:
        """Each service's version, None for one that has not answered yet."""
        known: Mapping[str, Any] = self._known
        return {
            name: known[name]["info"]["version"] if name in known else None for name in self.clients
        }

    def refresh_seconds(self) -> float:
        """How long to wait for the next `refresh`: short until all have answered once."""
        return RETRY_SECONDS if self.published is None else FRESH_SECONDS

    async def refresh(self) -> None:
        """Read the descriptions, and publish them when one has changed."""
        before = dict(self._known)
        await asyncio.gather(*(self._fetch(name) for name in self.clients))
        if self._known != before and self._known.keys() == self.clients.keys():
            known = {name: self._known[name] for name in self.clients}
            document = describe(known, self.info, self.routes)
            # Requests are served meanwhile.
            self.published = await asyncio.to_thread(Published.of, document)

    async def close(self) -> None:
        """Close the connections to the services."""
        for client in self.clients.values():
            await client.aclose()

    async def _fetch(self, name: str) -> None:
        try:
            response = await self.clients[name].get("/openapi.json")
            self._known[name] = response.require(HTTPStatus.OK).json()
        except (Unavailable, ValueError) as error:
            log.warning("openapi_unreadable", upstream=name, error=type(error).__name__)


def describe(
    documents: Mapping[str, Document], info: Mapping[str, str], routes: RouteTable
) -> Document:
    """The whole public API: what the services say of it, and what the gateway adds."""
    document = merge(documents, info)
    paths = add_refusals(admitting(document["paths"], routes), routes)
    described = document | {"paths": paths, "servers": [{"url": "/"}]}
    shared: Document = shorten(share_parameters(share_answers(share_problems(described))))
    return shared
