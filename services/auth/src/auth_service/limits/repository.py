"""The table of failed sign-ins, and statements about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, TypeAlias
from uuid import UUID

from sqlalchemy import LargeBinary, Row, bindparam, delete, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.tables import UTC_TIME, Table
from auth_service.users.models import User
from common.repository import Repository


class LoginFailures(Table, table=True):
    """Consecutive failures for one address, whether or not a user has it: known and unknown
    accounts must behave alike. Other counters (`limits.lockout`) have rows under their own hashes.
    """

    __tablename__ = "login_failures"

    email_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    failures: int
    last_failed_at: datetime = Field(sa_type=UTC_TIME, index=True)


AccountRow: TypeAlias = "Row[UUID, str | None, bool, int, datetime]"
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
class LoginFailuresRepository(Repository[LoginFailures]):
    model: ClassVar[type[Any]] = LoginFailures

    def counted(self, counters: Collection[bytes]) -> SelectOfScalar[LoginFailures]:
        return self.statement().where(col(LoginFailures.email_hash).in_(counters))

    async def with_account(self, email: str, counter: bytes) -> AccountRow:
        """The user with the address, and the failures; either may exist without the other."""
        connection = await self.session.connection()
        return (await connection.execute(ACCOUNT, {"email": email, "email_hash": counter})).one()

    async def increment(self, counter: bytes, at: datetime) -> int:
        """The failures with this one. Atomic, so that no simultaneous failure is lost."""
        first = insert(LoginFailures).values(email_hash=counter, failures=1, last_failed_at=at)
        counted = first.on_conflict_do_update(
            index_elements=[col(LoginFailures.email_hash)],
            set_={"failures": col(LoginFailures.failures) + 1, "last_failed_at": at},
        ).returning(col(LoginFailures.failures))
        connection = await self.session.connection()
        return int((await connection.execute(counted)).scalar_one())

    async def clear(self, counters: Collection[bytes]) -> None:
        connection = await self.session.connection()
        await connection.execute(
            delete(LoginFailures).where(col(LoginFailures.email_hash).in_(counters))
        )

    async def purge_unknown(self, before: datetime) -> None:
        """Delete old failures, but for those of users' addresses, which lock them."""
        email_bytes = func.convert_to(col(User.email), "UTF8")
        known = select(col(User.id)).where(
            func.sha256(email_bytes) == col(LoginFailures.email_hash)
        )
        connection = await self.session.connection()
        await connection.execute(
            delete(LoginFailures).where(col(LoginFailures.last_failed_at) < before, ~known.exists())
        )
