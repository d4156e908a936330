"""A document of another server, fetched when needed and used while that server is unavailable."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, Generic, TypeVar

from auth_service.oidc.errors import DirectoryUnavailable
from common.logs import get_logger

FRESH_SECONDS: Final = 3600.0
STALE_SECONDS: Final = 24 * 3600.0
RETRY_SECONDS: Final = 5.0

DocumentT = TypeVar("DocumentT")

log = get_logger(__name__)


@dataclass(slots=True)
class Cached(Generic[DocumentT]):
    """Fetched again after an hour, and at most every five seconds; used for a day without answer.

    Many callers at once cause one request.
    """

    name: str
    fetch: Callable[[], Awaitable[DocumentT]]
    _document: DocumentT | None = None
    _fetched_at: float = 0.0
    _tried_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, *, newer: bool = False) -> DocumentT:
        """The document, fetched again if it is old or `newer` is asked for.

        Raises DirectoryUnavailable.
        """
        async with self._lock:
            due = newer or self._document is None or self._age() > FRESH_SECONDS
            if due and monotonic() - self._tried_at >= RETRY_SECONDS:
                await self._refresh()
            if self._document is None or self._age() > STALE_SECONDS:
                raise DirectoryUnavailable(f"no-{self.name}")
            return self._document

    def _age(self) -> float:
        return monotonic() - self._fetched_at

    async def _refresh(self) -> None:
        self._tried_at = monotonic()
        try:
            self._document = await self.fetch()
        except DirectoryUnavailable as error:
            log.warning("directory_fetch_failed", document=self.name, reason=error.reason)
        else:
            self._fetched_at = monotonic()
