"""Statements over the rows that are about the same event, and what activities came from."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    LargeBinary,
    case,
    func,
)
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.bulk import any_of
from core_service.returns.models import ImportRow, RowResult
from core_service.returns.row_repository import APPLICABLE, RECORDED

ORIGINS = "a row is compared with the one that its activity came from, at any court"


@dataclass(frozen=True, slots=True)
class Origin:
    """The row that an activity was recorded from; `raw` where its content is another."""

    batch_id: UUID
    row_no: int
    content_hash: bytes | None
    court_id: UUID | None
    raw: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class EventRepository(CourtDataRepository[ImportRow]):
    """Rows by the events that they are about."""

    model: ClassVar[type[SQLModel]] = ImportRow
    session: AsyncSession

    async def known_in_file(
        self, batch_id: UUID, identities: Collection[bytes], through: int
    ) -> set[bytes]:
        """The contents of rows up to `through` about these events that can be applied."""
        if not identities or not through:
            return set()
        statement = select(ImportRow.content_hash).where(
            col(ImportRow.batch_id) == batch_id,
            any_of(ImportRow.identity_hash, set(identities), LargeBinary()),
            col(ImportRow.row_no) <= through,
            col(ImportRow.result).in_(APPLICABLE),
        )
        found = await self.session.exec(of_found(statement, [batch_id]))
        return {content for content in found if content is not None}

    async def repeated(self, batch_id: UUID, identities: Collection[bytes]) -> set[bytes | None]:
        """Those of these events that several rows of the batch are about."""
        if not identities:
            return set()
        statement = (
            select(ImportRow.identity_hash)
            .where(
                col(ImportRow.batch_id) == batch_id,
                any_of(ImportRow.identity_hash, set(identities), LargeBinary()),
            )
            .group_by(col(ImportRow.identity_hash))
            .having(func.count() > 1)
        )
        return set(await self.session.exec(of_found(statement, [batch_id])))

    async def last_versions(
        self, batch_id: UUID, identities: Collection[bytes]
    ) -> dict[bytes, int]:
        """The row of the batch that brings the last version of each event, whatever its result."""
        if not identities:
            return {}
        first = (
            select(ImportRow.identity_hash, func.min(ImportRow.row_no).label("row_no"))
            .where(
                col(ImportRow.batch_id) == batch_id,
                any_of(ImportRow.identity_hash, set(identities), LargeBinary()),
            )
            .group_by(col(ImportRow.identity_hash), col(ImportRow.content_hash))
            .subquery()
        )
        identity = first.c.identity_hash
        statement = select(identity, func.max(first.c.row_no)).group_by(identity)
        found = await self.session.exec(of_found(statement, [batch_id]))
        return {identity or b"": row_no for identity, row_no in found}

    async def origins(
        self, activity_ids: Collection[UUID], contents: Collection[bytes]
    ) -> dict[UUID, Origin]:
        """The rows that activities were recorded from; with their cells where the content is none
        of `contents`.
        """
        if not activity_ids:
            return {}
        known = any_of(ImportRow.content_hash, set(contents), LargeBinary())
        statement = select_columns(
            col(ImportRow.activity_id),
            col(ImportRow.batch_id),
            col(ImportRow.row_no),
            col(ImportRow.content_hash),
            col(ImportRow.court_id),
            case((known, None), else_=col(ImportRow.raw)),
        ).where(
            any_of(ImportRow.activity_id, set(activity_ids)),
            col(ImportRow.result).in_(RECORDED),
        )
        connection = await self.session.connection()
        found = await connection.execute(registry_wide(statement, ORIGINS))
        return {row[0]: Origin(*row[1:]) for row in found}

    async def unchanged(
        self, batch_id: UUID, activity_ids: Collection[UUID], through: int
    ) -> set[UUID]:
        """Those of the activities that rows of the batch up to `through` have stated already."""
        if not activity_ids or not through:
            return set()
        statement = select(ImportRow.activity_id).where(
            any_of(ImportRow.activity_id, set(activity_ids)),
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.row_no) <= through,
            col(ImportRow.result) == RowResult.UNCHANGED,
        )
        found = await self.session.exec(of_found(statement, [batch_id]))
        return {activity_id for activity_id in found if activity_id is not None}
