"""Statements over requests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.identity import CourtScope
from common.repository import Repository
from core_service.access.courts import within
from core_service.change_requests.models import ChangeRequest


@dataclass(frozen=True, slots=True)
class Readable:
    """What the caller may read: requests of a court, those that one decides, and of those that are
    of no court one's own.
    """

    of: CourtScope
    deciding: CourtScope
    asker_id: UUID | None


@dataclass(frozen=True, slots=True)
class ChangeRequestRepository(Repository[ChangeRequest]):
    """Requests, narrowed to what the caller may know of."""

    model: ClassVar[type[SQLModel]] = ChangeRequest
    session: AsyncSession

    def readable(self, scope: Readable) -> SelectOfScalar[ChangeRequest]:
        """The requests that the caller may know of."""
        own = and_(
            col(ChangeRequest.court_id).is_(None),
            col(ChangeRequest.created_by) == scope.asker_id,
        )
        return select(ChangeRequest).where(
            or_(
                within(ChangeRequest.court_id, scope.of),
                within(ChangeRequest.deciding_court_id, scope.deciding),
                own,
            )
        )

    def by_id(self, request_id: UUID, scope: Readable) -> SelectOfScalar[ChangeRequest]:
        """The request with this ID."""
        return self.readable(scope).where(col(ChangeRequest.id) == request_id)
