"""Deletes what is of no more use: old sessions, tokens of every kind, answers kept for repeats."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from auth_service.housekeeping.repository import HousekeepingRepository
from common.clock import Clock
from common.database import Database
from common.logs import get_logger

BATCH: Final = 500
# Spent tokens are what reuse is detected by. All of them stay for as long as their session lives;
# of a session that is over every token is refused anyway.
TOKENS_STAY: Final = timedelta(days=1)
SESSIONS_STAY: Final = timedelta(days=30)
# Much longer than any clock's error, and than the marks in Redis can be of use.
REVOCATIONS_STAY: Final = timedelta(days=1)
LINKS_STAY: Final = timedelta(days=1)
# Nobody repeats a request after so long; a key that comes again then is a new one.
ANSWERS_STAY: Final = timedelta(days=7)

Delete = Callable[[HousekeepingRepository, datetime, int], Awaitable[int]]

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Works in small transactions; any number of replicas may do so at once."""

    database: Database
    clock: Clock

    async def run(self) -> None:
        """Delete everything that is old enough."""
        deleted = {
            "refresh_tokens": await self._repeat(
                HousekeepingRepository.delete_refresh_tokens, TOKENS_STAY
            ),
            "sessions": await self._repeat(HousekeepingRepository.delete_sessions, SESSIONS_STAY),
            "revoked_tokens": await self._repeat(
                HousekeepingRepository.delete_revoked_tokens, REVOCATIONS_STAY
            ),
            "client_cutoffs": await self._repeat(
                HousekeepingRepository.delete_client_cutoffs, REVOCATIONS_STAY
            ),
            "password_tokens": await self._repeat(
                HousekeepingRepository.delete_password_tokens, LINKS_STAY
            ),
            "idempotency_keys": await self._repeat(
                HousekeepingRepository.delete_idempotency_keys, ANSWERS_STAY
            ),
        }
        if any(deleted.values()):
            log.info("housekeeping", **deleted)

    async def _repeat(self, delete: Delete, age: timedelta) -> int:
        before, total = self.clock.now() - age, 0
        while True:
            async with self.database.transaction() as session:
                count = await delete(HousekeepingRepository(session), before, BATCH)
            total += count
            if count < BATCH:
                return total
