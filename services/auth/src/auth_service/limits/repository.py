"""The table of failed sign-ins, and statements about it."""

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
    """Consecutive failed sign-ins for one address, whether or not a user has it: known and unknown
    accounts must behave alike.
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

    def of_email(self, email_hash: bytes) -> SelectOfScalar[LoginFailures]:
        return self.statement().where(col(LoginFailures.email_hash) == email_hash)

    async def with_account(self, email: str, email_hash: bytes) -> AccountRow:
        """The user with the address, and its failures; either may exist without the other."""
        connection = await self.session.connection()
        return (await connection.execute(ACCOUNT, {"email": email, "email_hash": email_hash})).one()

    async def increment(self, email_hash: bytes, at: datetime) -> None:
        """Atomic, so that no simultaneous failure is lost."""
        first = insert(LoginFailures).values(email_hash=email_hash, failures=1, last_failed_at=at)
        connection = await self.session.connection()
        await connection.execute(
            first.on_conflict_do_update(
                index_elements=[col(LoginFailures.email_hash)],
                set_={"failures": col(LoginFailures.failures) + 1, "last_failed_at": at},
            )
        )

    async def clear(self, email_hash: bytes) -> None:
        connection = await self.session.connection()
        await connection.execute(
            delete(LoginFailures).where(col(LoginFailures.email_hash) == email_hash)
        )

    async def purge_unknown(self, before: datetime) -> None:
        """Delete old failures of unknown addresses; those of users remain."""
        email_bytes = func.convert_to(col(User.email), "UTF8")
        known = select(col(User.id)).where(
            func.sha256(email_bytes) == col(LoginFailures.email_hash)
        )
        connection = await self.session.connection()
        await connection.execute(
            delete(LoginFailures).where(col(LoginFailures.last_failed_at) < before, ~known.exists())
        )
