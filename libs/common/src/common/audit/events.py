"""The columns that every audit log has, and how its events are narrowed and ordered."""

from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, Select, text
from sqlmodel import Field, SQLModel, col

from common.keyset import Order, SortKey
from common.tables import UTC_TIME


class ChainedEvent(SQLModel):
    """One event; a service's table adds what happened.

    The database refuses to change a row, except to set its position in the chain. The sealer does
    that within seconds: position, previous hash and hash are null until then. There are no foreign
    keys: events outlive the rows that they refer to.
    """

    sequence: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[Identity(always=True)],
    )
    occurred_at: datetime = Field(sa_type=UTC_TIME, index=True)
    actor_id: UUID | None = None
    client_id: str | None = None
    ip: str | None = None
    request_id: str | None = None
    position: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    previous_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    hash: bytes | None = Field(default=None, sa_type=LargeBinary)


EventT = TypeVar("EventT", bound=ChainedEvent)
StatementT = TypeVar("StatementT", bound="Select[Any]")


def chain_indexes(table: str, *filtered: str) -> tuple[Index, ...]:
    """The indexes of a log; by each of the columns `filtered` it is read in order."""
    return (
        *(Index(f"ix_{table}_{column}", column, "sequence") for column in filtered),
        Index(f"ix_{table}_request_id", "request_id"),
        Index(f"ix_{table}_unsealed", "sequence", postgresql_where=text("position IS NULL")),
    )


def narrowed(statement: StatementT, events: type[ChainedEvent], wanted: Any) -> StatementT:
    """Only events with all values that are set in `wanted`, a dataclass with columns as fields.

    Its `since` is the first moment, its `until` the moment after the last.
    """
    for each in fields(wanted):
        value = getattr(wanted, each.name)
        if value is None:
            continue
        if each.name == "since":
            statement = statement.where(col(events.occurred_at) >= value)
        elif each.name == "until":
            statement = statement.where(col(events.occurred_at) < value)
        else:
            statement = statement.where(col(getattr(events, each.name)) == value)
    return statement


def newest_first(events: type[EventT]) -> Order[EventT]:
    """The order of lists; the details of one event may be large."""
    key = SortKey[EventT](col(events.sequence), lambda row: row.sequence, int)
    return Order("sequence", (key,), descending=True, large=True)
