"""Statements about set-password tokens."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.recovery.models import PasswordToken
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class PasswordTokenRepository(Repository[PasswordToken]):
    """Tokens."""

    model: ClassVar[type[Any]] = PasswordToken

    def of_user(self, user_id: UUID) -> SelectOfScalar[PasswordToken]:
        return self.statement().where(col(PasswordToken.user_id) == user_id)
