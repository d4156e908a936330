"""The base of core's tables: metadata with named constraints, and common columns."""

from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from common import tables
from common.database import NAMING_CONVENTION
from common.idempotency import idempotency_table
from common.ids import uuid7

METADATA: Final = MetaData(naming_convention=NAMING_CONVENTION)
UTC_TIME: Final = tables.UTC_TIME
text_enum: Final = partial(tables.text_enum, length=24)


class Table(SQLModel, registry=registry(metadata=METADATA)):
    """The base of all tables of core; their metadata is separate from that of other services."""


class Record(Table):
    """A row with a UUIDv7 key, and who created and last changed it, and when.

    `version` grows with every change and is the resource's ETag.
    """

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    created_at: datetime = Field(sa_type=UTC_TIME)
    created_by: UUID | None = None
    updated_at: datetime = Field(sa_type=UTC_TIME)
    updated_by: UUID | None = None
    version: int = 1

    @property
    def is_derived(self) -> bool:
        """Whether the row is computed from others: its changes are not audited."""
        return False

    @property
    def audit_court_id(self) -> UUID | None:
        """The court of this row's audit events; None means the court of its case."""
        court_id: UUID | None = getattr(self, "court_id", None)
        return court_id


idempotency_keys: Final = idempotency_table(METADATA)
