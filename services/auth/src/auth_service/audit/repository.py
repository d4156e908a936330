"""Statements about security events."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from common.audit.events import narrowed
from common.repository import Repository


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to read; None means any. `until` is exclusive."""

    actor_id: UUID | None = None
    subject_id: UUID | None = None
    action: Action | None = None
    outcome: EventOutcome | None = None
    ip: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def parts(self) -> dict[str, str]:
        """The parts that are set, as text."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: _text(value) for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class AuditEventRepository(Repository[AuditEvent]):
    """Events; only `AuditLog` writes them."""

    model: ClassVar[type[Any]] = AuditEvent

    def matching(self, wanted: EventFilter) -> SelectOfScalar[AuditEvent]:
        """Events that match every part of the filter."""
        return narrowed(self.statement(), AuditEvent, wanted)

    def about(self, user_id: UUID) -> SelectOfScalar[AuditEvent]:
        """What a user did, and what was done to the user's account."""
        return self.statement().where(
            or_(col(AuditEvent.actor_id) == user_id, col(AuditEvent.subject_id) == user_id)
        )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
