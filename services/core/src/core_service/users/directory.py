"""Users' names, requested from auth and cached; without auth only the names are missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from common.clock import Clock
from common.errors import DomainError
from common.http_client import ServiceClient
from common.logs import get_logger

LIFETIME: Final = timedelta(minutes=10)
# After a failure no request waits for auth again before this has passed.
PAUSE: Final = timedelta(seconds=10)
MAX_CACHED: Final = 20_000
MAX_REQUESTED: Final = 100

log = get_logger(__name__)


@dataclass(slots=True)
class UserDirectory:
    """Names by user ID; None for a user whom auth does not know, or while auth is unavailable."""

    auth: ServiceClient
    clock: Clock
    _names: dict[UUID, tuple[str | None, datetime]] = field(default_factory=dict)
    _unavailable_until: datetime | None = None

    async def names(self, user_ids: Iterable[UUID | None]) -> Mapping[UUID, str | None]:
        """The names of these users. Never raises when auth is unavailable."""
        wanted = {user_id for user_id in user_ids if user_id is not None}
        now = self.clock.now()
        unknown = [user_id for user_id in wanted if not self._is_cached(user_id, now)]
        if unknown and (self._unavailable_until is None or self._unavailable_until <= now):
            await self._fetch(unknown, now)
        return {user_id: self._names.get(user_id, (None, now))[0] for user_id in wanted}

    def _is_cached(self, user_id: UUID, now: datetime) -> bool:
        known = self._names.get(user_id)
        return known is not None and known[1] > now

    async def _fetch(self, user_ids: list[UUID], now: datetime) -> None:
        if len(self._names) + len(user_ids) > MAX_CACHED:
            self._names.clear()
        try:
            for start in range(0, len(user_ids), MAX_REQUESTED):
                await self._fetch_part(user_ids[start : start + MAX_REQUESTED], now + LIFETIME)
        except (DomainError, ValueError, KeyError, TypeError) as error:
            log.warning("user_names_unavailable", error=type(error).__name__)
            self._unavailable_until = now + PAUSE

    async def _fetch_part(self, user_ids: list[UUID], until: datetime) -> None:
        ids = ",".join(str(user_id) for user_id in user_ids)
        response = await self.auth.get("/internal/v1/users", params={"ids": ids})
        items = response.require(HTTPStatus.OK).json()["items"]
        found = {UUID(item["id"]): str(item["name"]) for item in items}
        for user_id in user_ids:
            self._names[user_id] = (found.get(user_id), until)
