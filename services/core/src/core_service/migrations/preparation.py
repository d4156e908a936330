"""Everything that `core migrate` does: tables, jobs' tables, vocabulary."""

from typing import Final

from common.clock import Clock, SystemClock
from common.database import Database
from core_service.migrations import schema
from core_service.reference.seed import Seeding

SYSTEM: Final = SystemClock()


async def prepare(url: str, service_role: str | None = None, clock: Clock = SYSTEM) -> int:
    """Bring the owner's database up to date; says how many words of the vocabulary were added."""
    schema.upgrade(url, service_role=service_role)
    database = Database.connect(url, pool_size=1)
    try:
        async with database.transaction() as session:
            return await Seeding(session, clock).vocabulary()
    finally:
        await database.close()
