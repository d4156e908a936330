"""A database whose transactions are inspected when they commit, and then rolled back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from common.database import Database
from core_service.audit.acting import acting

Inspect = Callable[[AsyncConnection], Awaitable[None]]


async def inspect_nothing(_connection: AsyncConnection) -> None:
    """Inspect at nothing."""


@dataclass(frozen=True, slots=True)
class UndoneDatabase(Database):
    """Everything is checked and written up to the commit, then rolled back.

    Many writing calls can so start from the same scene. `inspect` sees what each has written.
    """

    inspect: Inspect = inspect_nothing

    @classmethod
    def over(cls, database: Database, inspect: Inspect = inspect_nothing) -> "UndoneDatabase":
        """The same database, with its changes rolled back."""
        return cls(database.engine, database.sessions, database.probe, inspect)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One unit of work, rolled back when the block ends."""
        async with self.engine.connect() as connection, connection.begin() as outer:
            try:
                made = self.sessions(bind=connection, join_transaction_mode="create_savepoint")
                async with made as session, session.begin():
                    yield session
                await self._inspect(connection)
            finally:
                await outer.rollback()

    async def _inspect(self, connection: AsyncConnection) -> None:
        token = acting.set(None)  # the test reads, not the request
        try:
            await self.inspect(connection)
        finally:
            acting.reset(token)
