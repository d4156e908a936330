"""Statements over requests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.identity import CourtScope
from common.repository import Repository
from core_service.access.courts import within
from core_service.change_requests.models import ChangeRequest


@dataclass(frozen=True, slots=True)
class Readable:
    """Where the caller may read requests: those of a court, and those that one decides."""

    of: CourtScope
    deciding: CourtScope


@dataclass(frozen=True, slots=True)
class ChangeRequestRepository(Repository[ChangeRequest]):
    """Requests, narrowed to what the caller may know of."""

    model: ClassVar[type[SQLModel]] = ChangeRequest
    session: AsyncSession

    def readable(self, scope: Readable) -> SelectOfScalar[ChangeRequest]:
        """The requests of one's courts, and those that one decides."""
        return select(ChangeRequest).where(
            or_(
                within(ChangeRequest.court_id, scope.of),
                within(ChangeRequest.deciding_court_id, scope.deciding),
            )
        )

    def by_id(self, request_id: UUID, scope: Readable) -> SelectOfScalar[ChangeRequest]:
        """The request with this ID."""
        return self.readable(scope).where(col(ChangeRequest.id) == request_id)
