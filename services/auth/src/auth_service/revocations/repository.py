"""Statements about revoked tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.revocations.models import RevokedToken
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class RevokedTokenRepository(Repository[RevokedToken]):
    """Access tokens that were revoked one by one."""

    model: ClassVar[type[Any]] = RevokedToken

    def by_jti(self, jti: str) -> SelectOfScalar[RevokedToken]:
        return self.statement().where(col(RevokedToken.jti) == jti)

    def expiring_after(self, moment: datetime) -> SelectOfScalar[RevokedToken]:
        return self.statement().where(col(RevokedToken.expires_at) > moment)

    def revoked_since(self, moment: datetime) -> SelectOfScalar[RevokedToken]:
        return self.statement().where(col(RevokedToken.revoked_at) >= moment)
