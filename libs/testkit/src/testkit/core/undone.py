"""A database whose transactions are looked at when they commit, and then taken back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from common.database import Database
from core_service.audit.acting import acting

Look = Callable[[AsyncConnection], Awaitable[None]]


async def look_away(_connection: AsyncConnection) -> None:
    """Look at nothing."""


@dataclass(frozen=True, slots=True)
class UndoneDatabase(Database):
    """Everything is checked and written as ever, up to the commit; nothing stays.

    So that many writing calls can start from one scene. `look` sees what each has written.
    """

    look: Look = look_away

    @classmethod
    def over(cls, database: Database, look: Look = look_away) -> "UndoneDatabase":
        """The same database, with its changes taken back."""
        return cls(database.engine, database.sessions, look)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One unit of work, taken back when the block ends."""
        async with self.engine.connect() as connection, connection.begin() as outer:
            try:
                made = self.sessions(bind=connection, join_transaction_mode="create_savepoint")
                async with made as session, session.begin():
                    yield session
                await self._look(connection)
            finally:
                await outer.rollback()

    async def _look(self, connection: AsyncConnection) -> None:
        token = acting.set(None)  # the test reads, not the request
        try:
            await self.look(connection)
        finally:
            acting.reset(token)
