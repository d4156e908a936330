"""What the owner of a chain's tables can do to it, even with the key of its checkpoints."""

from typing import Any

from sqlalchemy import text

from common.audit.checkpoints import CheckpointKeys, CheckpointKind
from common.audit.links import GENESIS, HASH, POSITION, PREVIOUS_HASH, Link, sealed
from common.audit.store import ChainStore
from common.audit.tables import ChainTables
from common.clock import Clock
from common.database import Database


async def cut_off(database: Database, tables: ChainTables, last: int) -> None:
    """Delete the events behind a place, and every checkpoint that knew of them.

    A database that was restored to an earlier state is the same.
    """
    async with database.engine.begin() as connection:
        for table in (tables.events, tables.checkpoints):
            await connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
            await connection.execute(table.delete().where(table.c.position > last))
            await connection.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))


async def rewrite(
    database: Database,
    tables: ChainTables,
    first: int,
    changes: dict[str, Any],
    key: tuple[CheckpointKeys, Clock],
) -> None:
    """Change the events from a place on, compute all hashes again and sign the new end."""
    keys, clock = key
    async with database.engine.begin() as connection:
        store, head = ChainStore(connection, tables), GENESIS
        rows = [row async for row in store.stream()]
        await connection.execute(text(f"ALTER TABLE {tables.events.name} DISABLE TRIGGER USER"))
        for row in rows:
            if row[POSITION] >= first:
                placed = sealed({**row, **changes}, head)
                values = {name: placed[name] for name in (*changes, PREVIOUS_HASH, HASH)}
                same = tables.key == row[tables.key.name]
                await connection.execute(tables.events.update().where(same).values(values))
                head = Link(placed[POSITION], placed[HASH])
            else:
                head = Link(row[POSITION], row[HASH])
        await connection.execute(text(f"ALTER TABLE {tables.events.name} ENABLE TRIGGER USER"))
        await connection.execute(tables.checkpoints.delete())
        await store.add_checkpoint(keys.sign(CheckpointKind.HEAD, head, clock.now()))
