"""Statements about failed sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, TypeAlias
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.lockout.models import LoginFailures
from auth_service.users.models import User
from common.repository import Repository

AccountRow: TypeAlias = "Row[UUID, str | None, bool, int, datetime]"
# One row whatever there is, and columns instead of entities: an entity that is made for known
# addresses alone takes time that others can measure.
ACCOUNT: Final = (
    select(
        col(User.id),
        col(User.password_hash),
        col(User.is_active),
        col(LoginFailures.failures),
        col(LoginFailures.last_failed_at),
    )
    .select_from(select(true().label("asked")).subquery())
    .outerjoin(User, col(User.email) == bindparam("email"))
    .outerjoin(LoginFailures, col(LoginFailures.email_hash) == bindparam("email_hash"))
)


@dataclass(frozen=True, slots=True)
class LoginFailuresRepository(Repository[LoginFailures]):
    """Failures by the hash of the address."""

    model: ClassVar[type[Any]] = LoginFailures

    def of_email(self, email_hash: bytes) -> SelectOfScalar[LoginFailures]:
        return self.statement().where(col(LoginFailures.email_hash) == email_hash)

    async def with_account(self, email: str, email_hash: bytes) -> AccountRow:
        """Who signs in by the address, and its failures; either may be there without the other."""
        connection = await self.session.connection()
        return (await connection.execute(ACCOUNT, {"email": email, "email_hash": email_hash})).one()

    async def count_one_more(self, email_hash: bytes, at: datetime) -> None:
        """Atomic: of two failures at once neither is lost."""
        first = insert(LoginFailures).values(email_hash=email_hash, failures=1, last_failed_at=at)
        connection = await self.session.connection()
        await connection.execute(
            first.on_conflict_do_update(
                index_elements=[col(LoginFailures.email_hash)],
                set_={"failures": col(LoginFailures.failures) + 1, "last_failed_at": at},
            )
        )

    async def forget(self, email_hash: bytes) -> None:
        connection = await self.session.connection()
        await connection.execute(
            delete(LoginFailures).where(col(LoginFailures.email_hash) == email_hash)
        )

    async def forget_unknown(self, before: datetime) -> None:
        """Drop old failures of addresses that nobody signs in by; those of users last."""
        email_bytes = func.convert_to(col(User.email), "UTF8")
        known = select(col(User.id)).where(
            func.sha256(email_bytes) == col(LoginFailures.email_hash)
        )
        connection = await self.session.connection()
        await connection.execute(
            delete(LoginFailures).where(col(LoginFailures.last_failed_at) < before, ~known.exists())
        )
