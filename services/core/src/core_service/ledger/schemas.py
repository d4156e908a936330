"""Bodies of responses about the ledger."""

from datetime import date, datetime
from uuid import UUID

from common.schemas import ResponseModel
from core_service.ledger.models import EventKind


class StatusEventRead(ResponseModel):
    """One event; a retracted one was believed from `recorded_at` until `retracted_at`."""

    id: UUID
    kind: EventKind
    court_id: UUID
    effective_on: date
    recorded_at: datetime
    retracted_at: datetime | None
    activity_id: UUID | None


class StatusEventList(ResponseModel):
    """The ledger of one case."""

    items: list[StatusEventRead]
    next_cursor: str | None = None
    total: int | None = None
