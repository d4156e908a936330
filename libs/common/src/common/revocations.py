"""Which service tokens were revoked, by auth's feed, for a service that verifies them.

Auth is asked when a token comes and what is known is older than half a second, so that an idle
service asks nothing. While auth is unavailable, what was known is used: no new tokens are issued
then, and those in use live some minutes.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any, Final

from common.access_tokens import version_of
from common.clock import Clock
from common.errors import DomainError
from common.http_client import ServiceClient
from common.logs import get_logger

PATH: Final = "/internal/v1/revocations"
SCOPE: Final = "revocations:read"
FRESH_SECONDS: Final = 0.5
# After a fetch that failed, for which callers had to wait, none is tried for so long.
PAUSE_SECONDS: Final = 1.0
# No service token lives longer (AUTH_SERVICE_TOKEN_SECONDS), clocks' differences included.
LONGEST_LIFE: Final = timedelta(seconds=3600 + 2 * 60)

log = get_logger(__name__)


@dataclass(slots=True)
class ServiceRevocations:
    """The feed's content. `client` calls auth with a token of the scope `revocations:read`."""

    client: ServiceClient
    clock: Clock
    _clients: dict[str, tuple[int, float]] = field(default_factory=dict)
    _tokens: dict[str, float] = field(default_factory=dict)
    _floor: float = float("-inf")
    _since: str | None = None
    _fetched_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def is_active(self, claims: Mapping[str, Any]) -> bool:
        """Whether a verified service token was not revoked, as of half a second ago.

        While auth does not answer: as of when it last did.
        """
        arrived = monotonic()
        async with self._lock:  # concurrent requests share one fetch
            if self._fetched_at < arrived - FRESH_SECONDS:
                await self._fetch()
        current, _ = self._clients.get(claims["client_id"], (0, 0.0))
        return (
            version_of(claims) >= current
            and claims["iat"] >= self._floor
            and claims["jti"] not in self._tokens
        )

    async def _fetch(self) -> None:
        since = self._since or (self.clock.now() - LONGEST_LIFE).isoformat()
        fetched_at = monotonic()
        try:
            params = {"since": since, "services_only": "true"}
            feed = (await self.client.get(PATH, params=params)).require(HTTPStatus.OK).json()
            self._store(feed)
        except (DomainError, ValueError, KeyError, TypeError) as error:
            log.warning("revocations_unknown", error=type(error).__name__)
            fetched_at = monotonic() + PAUSE_SECONDS
        self._fetched_at = fetched_at

    def _store(self, feed: Mapping[str, Any]) -> None:
        for row in feed["clients"]:
            since = _seconds(row["tokens_valid_from"])
            self._clients[row["client_id"]] = (int(row["token_version"]), since)
        for row in feed["tokens"]:
            self._tokens[row["jti"]] = _seconds(row["expires_at"])
        if feed.get("floor") is not None:
            self._floor = max(self._floor, _seconds(feed["floor"]))
        self._since = feed["as_of"]
        dead = (self.clock.now() - LONGEST_LIFE).timestamp()
        self._clients = {name: row for name, row in self._clients.items() if row[1] > dead}
        self._tokens = {jti: until for jti, until in self._tokens.items() if until > dead}


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
