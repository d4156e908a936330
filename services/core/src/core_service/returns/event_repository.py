"""Statements over the rows that are about the same event, and what activities came from."""

from collections.abc import Collection, Sequence
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
from core_service.returns.models import ImportRow
from core_service.returns.row_repository import ACCEPTED, APPLICABLE, RECORDED

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
    ) -> Sequence[tuple[bytes | None, bytes | None, bool]]:
        """The digests of rows up to `through` about these events that can be applied, in their
        order, and whether each is recorded.
        """
        statement = select(
            col(ImportRow.identity_hash), col(ImportRow.content_hash), col(ImportRow.result)
        ).where(
            col(ImportRow.batch_id) == batch_id,
            any_of(ImportRow.identity_hash, set(identities), LargeBinary()),
            col(ImportRow.row_no) <= through,
            col(ImportRow.result).in_(APPLICABLE),
        )
        in_order = statement.order_by(col(ImportRow.row_no))
        found = (await self.session.exec(of_found(in_order, [batch_id]))).all()
        return [(identity, content, result in RECORDED) for identity, content, result in found]

    async def last_accepted(
        self, batch_id: UUID, identities: Collection[bytes]
    ) -> dict[bytes, int]:
        """The last accepted row of the batch about each event."""
        if not identities:
            return {}
        statement = (
            select(ImportRow.identity_hash, func.max(ImportRow.row_no))
            .where(
                col(ImportRow.batch_id) == batch_id,
                any_of(ImportRow.identity_hash, set(identities), LargeBinary()),
                col(ImportRow.result).in_(ACCEPTED),
            )
            .group_by(col(ImportRow.identity_hash))
        )
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

    async def later_rows_about(
        self, batch_id: UUID, row_no: int, identity: bytes
    ) -> Sequence[ImportRow]:
        """The rows after this one about the same event."""
        statement = select(ImportRow).where(
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.identity_hash) == identity,
            col(ImportRow.row_no) > row_no,
        )
        return await self.all(of_found(statement.order_by(col(ImportRow.row_no)), [batch_id]))

    async def to_be_recorded(
        self, batch_id: UUID, identities: Collection[bytes]
    ) -> Sequence[ImportRow]:
        """The rows about these events that are recorded or are to be, in the file's order."""
        statement = select(ImportRow).where(
            col(ImportRow.batch_id) == batch_id,
            col(ImportRow.identity_hash).in_(identities),
            col(ImportRow.result).in_(RECORDED),
        )
        return await self.all(of_found(statement.order_by(col(ImportRow.row_no)), [batch_id]))
