"""Back-off after consecutive failed sign-ins, and lockout of a password that is being guessed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Delete,
    LargeBinary,
    Row,
    bindparam,
    delete,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.fields import email_hash, normal_email, text_hash
from auth_service.tables import UTC_TIME, Table
from auth_service.users.models import User
from common.clock import Clock

AccountRow: TypeAlias = "Row[UUID, str | None, datetime | None, bool, int, datetime]"
UNKNOWN_RETENTION: Final = timedelta(days=1)
# By how much the clocks of replicas may differ.
MOST_SKEW: Final = timedelta(minutes=1)


class LoginFailures(Table, table=True):
    """Consecutive failed sign-ins for one address, whether or not a user has it: known and unknown
    accounts must behave alike. `Lockout`'s other counters have rows under their own hashes.
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
        col(User.password_changed_at),
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

    def wait(self, failures: int, since_last: timedelta) -> timedelta:
        """How long until the next attempt is allowed."""
        if failures < self.backoff_after or since_last < -MOST_SKEW:
            return timedelta(0)  # or else users would wait until a clock that was set back is there
        exponent = min(failures - self.backoff_after, 30)  # larger than any maximum
        seconds: int = min(2**exponent, self.backoff_max_seconds)
        return timedelta(seconds=seconds) - since_last


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
    password_changed_at: datetime | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class Lockout:
    """Consecutive failures, for known and unknown addresses alike.

    They are counted under the hash of an address, under a known device of it, or under the change
    of a user's password: guesses in one place do not stop the owner in another.
    """

    session: AsyncSession
    rules: LockoutRules
    clock: Clock

    async def status(self, counter: bytes) -> LockoutStatus:
        row = await self.session.get(LoginFailures, counter)
        return self._status(row.failures, row.last_failed_at) if row else LockoutStatus()

    async def account(self, email: str, counter: bytes) -> tuple[Account | None, LockoutStatus]:
        """The user with this address and the status of the counter, whether or not there is one."""
        named = {"email": normal_email(email), "email_hash": counter}
        row: AccountRow = (await (await self.session.connection()).execute(ACCOUNT, named)).one()
        status = LockoutStatus()
        if row.failures:
            status = self._status(row.failures, row.last_failed_at)
        if not row.id:
            return None, status
        changed_at = row.password_changed_at
        return Account(row.id, row.password_hash, changed_at, row.is_active), status

    async def failed(self, counter: bytes) -> bool:
        """Count a failure; whether it is the one that locks the password.

        Atomic, so that no simultaneous failure is lost.
        """
        now = self.clock.now()
        first = insert(LoginFailures).values(email_hash=counter, failures=1, last_failed_at=now)
        counted = first.on_conflict_do_update(
            index_elements=[col(LoginFailures.email_hash)],
            set_={"failures": col(LoginFailures.failures) + 1, "last_failed_at": now},
        ).returning(col(LoginFailures.failures))
        failures: int = (await (await self.session.connection()).execute(counted)).scalar_one()
        return failures == self.rules.max_failures

    async def locked(self, emails: Collection[str]) -> frozenset[str]:
        """Those of the addresses whose password does not work on unknown devices."""
        hashes = {email_hash(email): email for email in emails}
        locked = select(col(LoginFailures.email_hash)).where(
            col(LoginFailures.email_hash).in_(hashes),
            col(LoginFailures.failures) >= self.rules.max_failures,
        )
        rows = await (await self.session.connection()).execute(locked)
        return frozenset(hashes[counter] for counter in rows.scalars())

    def is_locked(self) -> ColumnElement[bool]:
        """The same of a row of users, for statements that choose among them."""
        locked = select(col(LoginFailures.email_hash)).where(
            col(LoginFailures.email_hash) == _email_hash(),
            col(LoginFailures.failures) >= self.rules.max_failures,
        )
        return locked.exists()

    async def clear(self, *counters: bytes) -> None:
        """Reset counts, after a sign-in, a new password or by an administrator."""
        await self._execute(
            delete(LoginFailures).where(col(LoginFailures.email_hash).in_(counters))
        )

    async def purge(self) -> None:
        """Delete old failures, but for those of users' addresses, which lock them."""
        known = select(col(User.id)).where(_email_hash() == col(LoginFailures.email_hash))
        old = col(LoginFailures.last_failed_at) < self.clock.now() - UNKNOWN_RETENTION
        await self._execute(delete(LoginFailures).where(old, ~known.exists()))

    @staticmethod
    def change_counter(user_id: UUID) -> bytes:
        """What wrong current passwords are counted under; strangers cannot raise it."""
        return text_hash(f"password change of {user_id}")

    async def _execute(self, statement: Delete) -> None:
        await (await self.session.connection()).execute(statement)

    def _status(self, failures: int, last_failed_at: datetime) -> LockoutStatus:
        wait = self.rules.wait(failures, self.clock.now() - last_failed_at)
        return LockoutStatus(
            wait_seconds=max(0, -(-wait // timedelta(seconds=1))),
            locked=failures >= self.rules.max_failures,
        )


def _email_hash() -> ColumnElement[bytes]:
    """`fields.email_hash` of a row of users, whose address is normalised."""
    return func.sha256(func.convert_to(col(User.email), "UTF8"))
