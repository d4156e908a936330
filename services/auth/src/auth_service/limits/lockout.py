"""Back-off after consecutive failed sign-ins, and lockout of a password that is being guessed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from sqlalchemy import Delete, LargeBinary, Row, bindparam, delete, func, select, true
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import Field, col
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.fields import email_hash, normal_email
from auth_service.tables import UTC_TIME, Table
from auth_service.users.models import User
from common.clock import Clock

AccountRow: TypeAlias = "Row[UUID, str | None, bool, int, datetime]"
UNKNOWN_RETENTION: Final = timedelta(days=1)


class LoginFailures(Table, table=True):
    """Consecutive failed sign-ins for one address, whether or not a user has it: known and unknown
    accounts must behave alike.
    """

    __tablename__ = "login_failures"

    email_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    failures: int
    last_failed_at: datetime = Field(sa_type=UTC_TIME, index=True)


# Always one row, and columns instead of entities: building an entity for known addresses only
# takes time that an attacker can measure.
ACCOUNT: Final = (
    select(
        col(User.id),
        col(User.password_hash),
        col(User.is_active),
        col(LoginFailures.failures),
        col(LoginFailures.last_failed_at),
    )
    .select_from(select(true().label("always")).subquery())
    .outerjoin(User, col(User.email) == bindparam("email"))
    .outerjoin(LoginFailures, col(LoginFailures.email_hash) == bindparam("email_hash"))
)


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
    """Failed sign-ins, for known and unknown addresses alike."""

    session: AsyncSession
    rules: LockoutRules
    clock: Clock

    async def status(self, email: str) -> LockoutStatus:
        row = await self.session.get(LoginFailures, email_hash(email))
        return self._status(row.failures, row.last_failed_at) if row else LockoutStatus()

    async def account(self, email: str) -> tuple[Account | None, LockoutStatus]:
        """The user with this address and the status of the address, whether or not there is one."""
        named = {"email": normal_email(email), "email_hash": email_hash(email)}
        row: AccountRow = (await (await self.session.connection()).execute(ACCOUNT, named)).one()
        status = LockoutStatus()
        if row.failures:
            status = self._status(row.failures, row.last_failed_at)
        account = Account(row.id, row.password_hash, row.is_active) if row.id else None
        return account, status

    async def failed(self, email: str) -> None:
        """Count a failure; atomic, so that no simultaneous one is lost."""
        now = self.clock.now()
        first = insert(LoginFailures).values(
            email_hash=email_hash(email), failures=1, last_failed_at=now
        )
        await self._execute(
            first.on_conflict_do_update(
                index_elements=[col(LoginFailures.email_hash)],
                set_={"failures": col(LoginFailures.failures) + 1, "last_failed_at": now},
            )
        )

    async def clear(self, email: str) -> None:
        """Reset the count, after a sign-in or a new password."""
        await self._execute(
            delete(LoginFailures).where(col(LoginFailures.email_hash) == email_hash(email))
        )

    async def purge(self) -> None:
        """Delete old failures of unknown addresses; those of users remain."""
        email_bytes = func.convert_to(col(User.email), "UTF8")
        known = select(col(User.id)).where(
            func.sha256(email_bytes) == col(LoginFailures.email_hash)
        )
        old = col(LoginFailures.last_failed_at) < self.clock.now() - UNKNOWN_RETENTION
        await self._execute(delete(LoginFailures).where(old, ~known.exists()))

    async def _execute(self, statement: Insert | Delete) -> None:
        await (await self.session.connection()).execute(statement)

    def _status(self, failures: int, last_failed_at: datetime) -> LockoutStatus:
        wait = self.rules.wait_until(failures, last_failed_at) - self.clock.now()
        return LockoutStatus(
            wait_seconds=max(0, -(-wait // timedelta(seconds=1))),
            locked=failures >= self.rules.max_failures,
        )
