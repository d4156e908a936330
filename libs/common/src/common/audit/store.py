"""Reads and writes a chain in Postgres, in the caller's transaction."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.audit.checkpoints import Checkpoint, CheckpointKind
from common.audit.links import GENESIS, HASH, POSITION, PREVIOUS_HASH, Link, Row
from common.audit.tables import ChainTables


class NewestCheckpoint(NamedTuple):
    """The end of what is signed."""

    position: int
    made_at: datetime
    key_id: str


@dataclass(frozen=True, slots=True)
class ChainStore:
    """One chain as one transaction sees it."""

    connection: AsyncConnection
    tables: ChainTables

    async def try_lock(self) -> bool:
        """Lock the chain until the transaction ends; False if it is locked already."""
        taken = select(func.pg_try_advisory_xact_lock(self.tables.lock))
        return bool(await self.connection.scalar(taken))

    async def lock(self) -> None:
        """Wait for the lock of the chain, held until the transaction ends."""
        await self.connection.execute(select(func.pg_advisory_xact_lock(self.tables.lock)))

    async def head(self) -> Link:
        """The last sealed position, also when retention has removed its row."""
        events = self.tables.events.c
        newest = select(events[POSITION], events[HASH]).where(events[POSITION].is_not(None))
        row = (
            await self.connection.execute(newest.order_by(events[POSITION].desc()).limit(1))
        ).first()
        if row is not None:
            return Link(row[0], row[1])
        started = [each.link for each in await self.checkpoints(CheckpointKind.START)]
        return max(started, key=lambda link: link.position, default=GENESIS)

    async def unsealed(self, limit: int) -> Sequence[Row]:
        """The oldest events without a position."""
        statement = (
            select(*self.tables.columns())
            .where(self.tables.events.c[POSITION].is_(None))
            .order_by(self.tables.key)
            .limit(limit)
        )
        found = await self.connection.execute(statement)
        return [{**row} for row in found.mappings()]

    async def count_unsealed(self) -> int:
        """How many events have no position yet."""
        events = self.tables.events
        statement = select(func.count()).select_from(events).where(events.c[POSITION].is_(None))
        return int(await self.connection.scalar(statement) or 0)

    async def lag(self) -> tuple[int, float]:
        """How many events have no position yet, and the age of the oldest in seconds."""
        events = self.tables.events
        age = func.extract("epoch", func.now() - func.min(events.c.occurred_at))
        statement = select(func.count(), func.coalesce(age, 0)).where(events.c[POSITION].is_(None))
        count, seconds = (await self.connection.execute(statement)).one()
        return count, max(0.0, float(seconds))

    async def set_positions(self, rows: Sequence[Row]) -> None:
        """Write the positions and hashes of rows that were just sealed."""
        key = self.tables.key
        statement = (
            update(self.tables.events)
            .where(key == bindparam("row_key"))
            .values({name: bindparam(f"new_{name}") for name in (POSITION, PREVIOUS_HASH, HASH)})
        )
        values = [
            {"row_key": row[key.name]}
            | {f"new_{name}": row[name] for name in (POSITION, PREVIOUS_HASH, HASH)}
            for row in rows
        ]
        await self.connection.execute(statement, values)

    async def stream(self) -> AsyncIterator[Row]:
        """Sealed rows in order of position, read in batches."""
        position = self.tables.events.c[POSITION]
        statement = select(*self.tables.columns()).where(position.is_not(None))
        ordered = statement.order_by(position, self.tables.key)
        async with self.connection.stream(ordered) as result:
            async for row in result.mappings():
                yield {**row}

    async def checkpoints(self, kind: CheckpointKind | None = None) -> list[Checkpoint]:
        """Checkpoints in order of position."""
        columns = self.tables.checkpoints.c
        statement = select(self.tables.checkpoints).order_by(columns.position)
        if kind is not None:
            statement = statement.where(columns.kind == kind.value)
        return [
            Checkpoint(
                CheckpointKind(row.kind),
                Link(row.position, row.hash),
                row.made_at,
                row.key_id,
                row.signature,
            )
            for row in await self.connection.execute(statement)
        ]

    async def newest_checkpoint(self) -> NewestCheckpoint | None:
        """What is known of the newest checkpoint without a look at its signature."""
        columns = self.tables.checkpoints.c
        statement = select(columns.position, columns.made_at, columns.key_id)
        ordered = statement.order_by(columns.position.desc()).limit(1)
        row = (await self.connection.execute(ordered)).first()
        return NewestCheckpoint(*row) if row is not None else None

    async def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Store a checkpoint."""
        values: dict[str, Any] = {
            "position": checkpoint.link.position,
            "kind": checkpoint.kind.value,
            "hash": checkpoint.link.hash,
            "made_at": checkpoint.made_at,
            "key_id": checkpoint.key_id,
            "signature": checkpoint.signature,
        }
        await self.connection.execute(insert(self.tables.checkpoints).values(values))

    async def last_before(self, column: str, moment: datetime) -> Link | None:
        """The last position before the first event at or after a moment, if there is one."""
        events = self.tables.events.c
        later = select(func.min(events[POSITION])).where(events[column] >= moment)
        first_remaining = await self.connection.scalar(later)
        sealed = select(events[POSITION], events[HASH]).where(events[POSITION].is_not(None))
        if first_remaining is not None:
            sealed = sealed.where(events[POSITION] < first_remaining)
        newest = sealed.order_by(events[POSITION].desc()).limit(1)
        row = (await self.connection.execute(newest)).first()
        return Link(row[0], row[1]) if row is not None else None

    async def remove_through(self, position: int) -> int:
        """Remove rows that a START checkpoint covers, and the checkpoints before it."""
        events, checkpoints = self.tables.events, self.tables.checkpoints
        removed = await self.connection.execute(
            delete(events).where(events.c[POSITION] <= position)
        )
        await self.connection.execute(delete(checkpoints).where(checkpoints.c.position < position))
        return removed.rowcount
