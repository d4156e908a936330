"""Queries over requests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import and_, or_, true
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core_service.access.callers import Proposer
from core_service.access.courts import within
from core_service.access.reach import filtered
from core_service.access.repository import CourtDataRepository
from core_service.proposals.models import ChangeRequest


@dataclass(frozen=True, slots=True)
class ChangeRequestRepository(CourtDataRepository[ChangeRequest]):
    """Requests, limited to those that the caller may read."""

    model: ClassVar[type[SQLModel]] = ChangeRequest
    session: AsyncSession

    def readable(self, by: Proposer) -> SelectOfScalar[ChangeRequest]:
        """The requests about cases of the caller's courts, and those that the caller decides; about
        shared data the caller's own, or all for an administrator of all courts.
        """
        own = col(ChangeRequest.created_by) == by.user_id
        shared = and_(
            col(ChangeRequest.deciding_court_id).is_(None), true() if by.administers_all else own
        )
        of_courts = and_(
            col(ChangeRequest.deciding_court_id).is_not(None),
            or_(
                within(ChangeRequest.court_id, by.writable),
                within(ChangeRequest.deciding_court_id, by.administered),
            ),
        )
        return filtered(select(ChangeRequest).where(or_(of_courts, shared)))

    def by_id(self, request_id: UUID, by: Proposer) -> SelectOfScalar[ChangeRequest]:
        """The request with this ID."""
        return self.readable(by).where(col(ChangeRequest.id) == request_id)
