"""Statements about second factors, recovery codes and challenges."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.factors.models import Challenge, Factor, FactorKind, RecoveryCode
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class FactorRepository(Repository[Factor]):
    model: ClassVar[type[Any]] = Factor

    def of_user(self, user_id: UUID) -> SelectOfScalar[Factor]:
        """The confirmed factors of a user, the oldest first."""
        own = self.statement().where(col(Factor.user_id) == user_id)
        return own.where(col(Factor.confirmed_at).is_not(None)).order_by(col(Factor.id))

    def pending(self, user_id: UUID) -> SelectOfScalar[Factor]:
        """What a user has begun to enrol."""
        own = self.statement().where(col(Factor.user_id) == user_id)
        return own.where(col(Factor.confirmed_at).is_(None))

    def with_credential(self, credential_id: bytes) -> SelectOfScalar[Factor]:
        return self.statement().where(col(Factor.credential_id) == credential_id)

    def of_kind(self, kind: FactorKind) -> SelectOfScalar[Factor]:
        return self.statement().where(col(Factor.kind) == kind).order_by(col(Factor.id))

    async def owners(self, user_ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of the users who have a confirmed factor."""
        owners = select(Factor.user_id).where(
            col(Factor.user_id).in_(user_ids), col(Factor.confirmed_at).is_not(None)
        )
        return frozenset((await self.session.exec(owners.distinct())).all())

    async def delete_all(self, user_id: UUID) -> None:
        await self.session.exec(delete(Factor).where(col(Factor.user_id) == user_id))


@dataclass(frozen=True, slots=True)
class RecoveryCodeRepository(Repository[RecoveryCode]):
    model: ClassVar[type[Any]] = RecoveryCode

    def of_user(self, user_id: UUID) -> SelectOfScalar[RecoveryCode]:
        return self.statement().where(col(RecoveryCode.user_id) == user_id)

    async def take(self, user_id: UUID, code_hash: bytes) -> bool:
        """Delete a code; whether there was one. Of simultaneous uses only one succeeds."""
        taken = delete(RecoveryCode).where(
            col(RecoveryCode.code_hash) == code_hash, col(RecoveryCode.user_id) == user_id
        )
        return (await self.session.exec(taken)).rowcount == 1

    async def delete_all(self, user_id: UUID) -> None:
        await self.session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))


@dataclass(frozen=True, slots=True)
class ChallengeRepository(Repository[Challenge]):
    model: ClassVar[type[Any]] = Challenge

    async def delete_all(self, user_id: UUID) -> None:
        await self.session.exec(delete(Challenge).where(col(Challenge.user_id) == user_id))

    async def delete_of_sessions(self, session_ids: Collection[UUID]) -> None:
        await self.session.exec(delete(Challenge).where(col(Challenge.session_id).in_(session_ids)))
