"""Statements about signing keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.keys.models import KeyState, SigningKey
from common.repository import Repository

CHANGE_LOCK: Final = 4_061_520_003


@dataclass(frozen=True, slots=True)
class SigningKeyRepository(Repository[SigningKey]):
    model: ClassVar[type[Any]] = SigningKey

    async def lock_changes(self) -> None:
        """Serialise changes of keys until the end of the transaction."""
        await self.session.exec(select(func.pg_advisory_xact_lock(CHANGE_LOCK)))

    def in_state(self, state: KeyState) -> SelectOfScalar[SigningKey]:
        return self.statement().where(col(SigningKey.state) == state)

    def unretired(self) -> SelectOfScalar[SigningKey]:
        """The keys that sign or will; read again, since another process may have changed them."""
        unretired = self.statement().where(col(SigningKey.state) != KeyState.RETIRED)
        return unretired.execution_options(populate_existing=True)

    def published(self, retired_after: datetime) -> SelectOfScalar[SigningKey]:
        """Keys that verify: those that retired before any valid token was issued are left out."""
        state, retired_at = col(SigningKey.state), col(SigningKey.retired_at)
        in_use = or_(state != KeyState.RETIRED, retired_at > retired_after)
        return self.statement().where(in_use).order_by(col(SigningKey.created_at))
