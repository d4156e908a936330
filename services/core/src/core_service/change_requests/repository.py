"""Statements over requests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import and_, or_, true
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.identity import CourtScope
from core_service.access.courts import within
from core_service.access.reach import filtered
from core_service.access.repository import CourtDataRepository
from core_service.change_requests.models import ChangeRequest


@dataclass(frozen=True, slots=True)
class Readable:
    """What the caller may read: requests about the cases of courts, those that one of these courts
    decides, and about what all courts share one's own, or all as an administrator of all courts.
    """

    of: CourtScope
    deciding: CourtScope
    shared: bool
    asker_id: UUID | None


@dataclass(frozen=True, slots=True)
class ChangeRequestRepository(CourtDataRepository[ChangeRequest]):
    """Requests, narrowed to what the caller may know of."""

    model: ClassVar[type[SQLModel]] = ChangeRequest
    session: AsyncSession

    def readable(self, scope: Readable) -> SelectOfScalar[ChangeRequest]:
        """The requests that the caller may know of."""
        their_own = col(ChangeRequest.created_by) == scope.asker_id
        shared = and_(
            col(ChangeRequest.deciding_court_id).is_(None), true() if scope.shared else their_own
        )
        of_courts = and_(
            col(ChangeRequest.deciding_court_id).is_not(None),
            or_(
                within(ChangeRequest.court_id, scope.of),
                within(ChangeRequest.deciding_court_id, scope.deciding),
            ),
        )
        return filtered(select(ChangeRequest).where(or_(of_courts, shared)))

    def by_id(self, request_id: UUID, scope: Readable) -> SelectOfScalar[ChangeRequest]:
        """The request with this ID."""
        return self.readable(scope).where(col(ChangeRequest.id) == request_id)
