"""Statements about failed sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import bindparam, delete, func, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.lockout.models import LoginFailures
from auth_service.users.models import User
from common.repository import Repository

# One row whatever there is.
ACCOUNT: Final = (
    select(User, LoginFailures)
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

    async def with_user(
        self, email: str, email_hash: bytes
    ) -> tuple[User | None, LoginFailures | None]:
        """Whoever has the address, and its failures; either may be there without the other."""
        values = {"email": email, "email_hash": email_hash}
        return (await self.session.exec(ACCOUNT, params=values)).one()

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
