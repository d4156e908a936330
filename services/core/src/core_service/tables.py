"""The base of core's tables: their own metadata, named constraints, and the columns all share."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, Enum, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from common.database import NAMING_CONVENTION
from common.idempotency import idempotency_table
from common.ids import uuid7

METADATA: Final = MetaData(naming_convention=NAMING_CONVENTION)
UTC_TIME: Final = DateTime(timezone=True)


class Table(SQLModel, registry=registry(metadata=METADATA)):
    """The base of every table of core, with metadata separate from other services'."""


class Record(Table):
    """A row with a UUIDv7 key that says who made it and who last changed it, and when.

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
        """The court that events of this row belong to; without one, that of its case."""
        court_id: UUID | None = getattr(self, "court_id", None)
        return court_id


def text_enum(values: type[StrEnum]) -> Enum:
    """Text in the database, so that a new value needs no ALTER TYPE; an enum in Python."""
    return Enum(
        values,
        native_enum=False,
        length=24,
        create_constraint=False,
        values_callable=lambda kind: [member.value for member in kind],
    )


idempotency_keys: Final = idempotency_table(METADATA)
