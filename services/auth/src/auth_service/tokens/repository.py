"""Access tokens that were revoked one by one (RFC 7009)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.tables import UTC_TIME, Table
from common.repository import Repository


class RevokedToken(Table, table=True):
    """A token that is refused while its session continues; needed until it expires."""

    __tablename__ = "revoked_tokens"

    jti: str = Field(primary_key=True, max_length=128)
    expires_at: datetime = Field(sa_type=UTC_TIME, index=True)
    revoked_at: datetime = Field(sa_type=UTC_TIME)


@dataclass(frozen=True, slots=True)
class RevokedTokenRepository(Repository[RevokedToken]):
    model: ClassVar[type[Any]] = RevokedToken

    async def add_once(self, row: RevokedToken) -> bool:
        """Store it unless it is stored already, also when two requests do so at once."""
        statement = insert(RevokedToken).values(**row.model_dump()).on_conflict_do_nothing()
        connection = await self.session.connection()
        stored = statement.returning(col(RevokedToken.jti))
        return (await connection.execute(stored)).first() is not None

    def by_jti(self, jti: str) -> SelectOfScalar[RevokedToken]:
        return self.statement().where(col(RevokedToken.jti) == jti)

    def expiring_after(self, moment: datetime) -> SelectOfScalar[RevokedToken]:
        return self.statement().where(col(RevokedToken.expires_at) > moment)

    def revoked_since(self, moment: datetime) -> SelectOfScalar[RevokedToken]:
        return self.statement().where(col(RevokedToken.revoked_at) >= moment)
