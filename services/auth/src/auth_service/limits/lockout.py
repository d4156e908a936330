"""Back-off after consecutive failed sign-ins, and lockout of a password that is being guessed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from auth_service.fields import normal_email
from auth_service.limits.repository import LoginFailuresRepository
from auth_service.limits.rules import email_hash, text_hash
from common.clock import Clock

UNKNOWN_RETENTION: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LockoutRules:
    """Each failure from `backoff_after` on doubles the wait; `max_failures` lock the password."""

    backoff_after: int = 5
    backoff_max_seconds: int = 300
    max_failures: int = 100

    def wait_until(self, failures: int, last_failed_at: datetime) -> datetime:
        """When the next attempt is allowed."""
        if failures < self.backoff_after:
            return last_failed_at
        exponent = min(failures - self.backoff_after, 30)  # larger than any maximum
        seconds: int = min(2**exponent, self.backoff_max_seconds)
        return last_failed_at + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class LockoutStatus:
    """Whether the next attempt must wait, and whether the password still works."""

    wait_seconds: int = 0
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What a sign-in reads of a user before it checks the password."""

    id: UUID
    password_hash: str | None = field(repr=False)
    is_active: bool


@dataclass(frozen=True, slots=True)
class Lockout:
    """Failures in a row, for known and unknown addresses alike.

    They are counted under the hash of an address, under a known device of it, or under the change
    of a user's password: guesses in one place do not stop the owner in another.
    """

    failures: LoginFailuresRepository
    rules: LockoutRules
    clock: Clock

    async def status(self, counter: bytes) -> LockoutStatus:
        row = await self.failures.first(self.failures.counted([counter]))
        return self._status(row.failures, row.last_failed_at) if row else LockoutStatus()

    async def account(self, email: str, counter: bytes) -> tuple[Account | None, LockoutStatus]:
        """The user with this address, if there is one, and the status of the counter."""
        row = await self.failures.with_account(normal_email(email), counter)
        status = LockoutStatus()
        if row.failures:
            status = self._status(row.failures, row.last_failed_at)
        account = Account(row.id, row.password_hash, row.is_active) if row.id else None
        return account, status

    async def failed(self, counter: bytes) -> bool:
        """Count a failure; whether it is the one that locks the password."""
        failures = await self.failures.increment(counter, self.clock.now())
        return failures == self.rules.max_failures

    async def locked(self, emails: Collection[str]) -> frozenset[str]:
        """Those of the addresses whose password does not work on unknown devices."""
        hashes = {email_hash(email): email for email in emails}
        rows = await self.failures.all(self.failures.counted(list(hashes)))
        locks = self.rules.max_failures
        return frozenset(hashes[row.email_hash] for row in rows if row.failures >= locks)

    async def clear(self, *counters: bytes) -> None:
        """Reset counts, after a sign-in, a new password or by an administrator."""
        await self.failures.clear(counters)

    async def purge(self) -> None:
        """Delete old failures of unknown addresses."""
        await self.failures.purge_unknown(self.clock.now() - UNKNOWN_RETENTION)

    @staticmethod
    def change_counter(user_id: UUID) -> bytes:
        """What wrong current passwords are counted under; strangers cannot raise it."""
        return text_hash(f"password change of {user_id}")

    def _status(self, failures: int, last_failed_at: datetime) -> LockoutStatus:
        wait = self.rules.wait_until(failures, last_failed_at) - self.clock.now()
        return LockoutStatus(
            wait_seconds=max(0, -(-wait // timedelta(seconds=1))),
            locked=failures >= self.rules.max_failures,
        )
