"""Statements about when accounts were last used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.sessions.models import Session
from auth_service.users.models import User


@dataclass(frozen=True, slots=True)
class AccountUse:
    session: AsyncSession

    async def to_review(
        self, unused_since: datetime | None, inactive_since: datetime | None
    ) -> Sequence[UUID]:
        """Accounts for which a step may be due: those not used since then and those warned, and
        those that have been inactive since then and are not anonymised.
        """
        due: ColumnElement[bool]
        unused = _last_used() <= unused_since if unused_since is not None else false()
        warned = col(User.dormant_at).is_not(None)
        due = and_(col(User.is_active), or_(unused, warned))
        if inactive_since is not None:
            since = col(User.active_changed_at) <= inactive_since
            forgettable = ~col(User.is_active) & col(User.anonymised_at).is_(None) & since
            due = or_(due, forgettable)
        statement = select(User.id).where(due).order_by(col(User.id))
        return (await self.session.exec(statement)).all()

    async def last_used(self, user_id: UUID) -> datetime:
        """When a user last signed in, refreshed, or was activated."""
        statement = select(_last_used()).where(col(User.id) == user_id)
        return (await self.session.exec(statement)).one()


def _last_used() -> ColumnElement[datetime]:
    refreshed = select(func.max(col(Session.last_used_at))).where(
        col(Session.user_id) == col(User.id)
    )
    moments = (col(User.active_changed_at), col(User.last_signed_in_at))
    return func.greatest(*moments, refreshed.scalar_subquery())
