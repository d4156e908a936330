"""How long an account must wait after failed sign-ins, and when its password is over."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from auth_service.limits.accounts import email_hash
from auth_service.lockout.repository import LoginFailuresRepository
from auth_service.users.email import normal_email
from common.clock import Clock

UNKNOWN_KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LockoutRules:
    """Each failure from `backoff_after` on doubles the wait; `max_failures` end the password."""

    backoff_after: int = 5
    backoff_max_seconds: int = 300
    max_failures: int = 100

    def wait_until(self, failures: int, last_failed_at: datetime) -> datetime:
        """When the next try may come."""
        if failures < self.backoff_after:
            return last_failed_at
        exponent = min(failures - self.backoff_after, 30)  # beyond it the longest wait holds anyway
        seconds: int = min(2**exponent, self.backoff_max_seconds)
        return last_failed_at + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account's failures mean for the next try."""

    wait_seconds: int = 0
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What a sign-in must know of a user before the password is checked."""

    id: UUID
    password_hash: str | None = field(repr=False)
    is_active: bool


@dataclass(frozen=True, slots=True)
class Lockout:
    """Failed sign-ins within one unit of work; known and unknown addresses alike."""

    failures: LoginFailuresRepository
    rules: LockoutRules
    clock: Clock

    async def standing(self, email: str) -> Standing:
        """Whether the next sign-in must wait, and whether the password still works."""
        row = await self.failures.first(self.failures.of_email(email_hash(email)))
        return self._standing(row.failures, row.last_failed_at) if row is not None else Standing()

    async def account(self, email: str) -> tuple[Account | None, Standing]:
        """Who signs in by this address, if anybody does, and the address's standing."""
        row = await self.failures.with_account(normal_email(email), email_hash(email))
        standing = self._standing(row.failures, row.last_failed_at) if row.failures else Standing()
        account = Account(row.id, row.password_hash, row.is_active) if row.id else None
        return account, standing

    async def failed(self, email: str) -> None:
        """One more failure in a row."""
        await self.failures.count_one_more(email_hash(email), self.clock.now())

    async def clear(self, email: str) -> None:
        """The row of failures is broken: by a sign-in, or by a new password."""
        await self.failures.forget(email_hash(email))

    async def purge(self) -> None:
        """Forget old failures of addresses that are nobody's."""
        await self.failures.forget_unknown(self.clock.now() - UNKNOWN_KEPT)

    def _standing(self, failures: int, last_failed_at: datetime) -> Standing:
        wait = self.rules.wait_until(failures, last_failed_at) - self.clock.now()
        return Standing(
            wait_seconds=max(0, -(-wait // timedelta(seconds=1))),
            locked=failures >= self.rules.max_failures,
        )
