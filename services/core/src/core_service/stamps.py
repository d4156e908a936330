"""Marks who made or changed a record and when, and gives it its next version."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from core_service.access.actors import Actor
from core_service.tables import Record


class FirstStamp(TypedDict):
    """Who made a record is who changed it last."""

    created_at: datetime
    created_by: UUID | None
    updated_at: datetime
    updated_by: UUID | None


def first_stamp(by: Actor, now: datetime) -> FirstStamp:
    """The columns that tell who made a new record, and when."""
    return FirstStamp(
        created_at=now,
        created_by=by.user_id,
        updated_at=now,
        updated_by=by.user_id,
    )


def touch(record: Record, by: Actor, now: datetime) -> None:
    """Note a change; the caller has made it, under the row's lock."""
    record.updated_at = now
    record.updated_by = by.user_id
    record.version += 1
