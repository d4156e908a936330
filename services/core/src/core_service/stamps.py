"""Marks who changed a record and when, and gives it its next version."""

from datetime import datetime

from core_service.access.actors import Actor
from core_service.tables import Record


def touch(record: Record, by: Actor, now: datetime) -> None:
    """Note a change; the caller has made it, under the row's lock."""
    record.updated_at = now
    record.updated_by = by.user_id
    record.version += 1
