"""Who made or changed a record, and when."""

from datetime import datetime
from typing import Any

from core_service.access.actors import Actor
from core_service.tables import Record


def creation_columns(by: Actor, now: datetime) -> dict[str, Any]:
    """The columns of a new record; its author is also the last to have changed it."""
    return {
        "created_at": now,
        "created_by": by.user_id,
        "updated_at": now,
        "updated_by": by.user_id,
    }


def mark_updated(record: Record, by: Actor, now: datetime) -> None:
    """Give a changed record its next version; the caller holds the row's lock."""
    record.updated_at, record.updated_by = now, by.user_id
    record.version += 1
