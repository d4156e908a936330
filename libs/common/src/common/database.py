"""Postgres: one engine per process, one transaction per request, job or command."""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from common.metrics import DATABASE_ERRORS, observe_pool
from common.spare_password import connect_with_either
from common.tracing import trace_engine

NAMING_CONVENTION: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
DATABASE_ERRORS.labels("53")  # insufficient resources; of its first error a rate sees nothing
# A server that is cut off from the network, rather than stopped, is noticed after this long.
NETWORK: Final = {
    "connect_timeout": 3,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
}


def async_url(url: str) -> str:
    """The SQLAlchemy form of a `postgresql://` URL, for psycopg 3."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def migration_engine(url: str) -> Engine:
    """An engine for migrations, which run one statement after the other."""
    engine = create_engine(async_url(url), hide_parameters=True)
    event.listen(engine, "handle_error", _hide_values)
    return engine


@dataclass(frozen=True, slots=True)
class Database:
    """The engine and the sessions made from it. Build with `Database.connect`."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    probe: AsyncEngine
    """One connection aside: Postgres is not unavailable because all others are in use."""

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        pool_size: int = 10,
        statement_timeout_ms: int = 15_000,
        spare_password: SecretStr | None = None,
    ) -> "Database":
        """A pool that opens connections when first needed, each in UTC with a statement timeout.

        `spare_password` is tried when the server refuses the URL's, while that is being changed.
        """
        # Compiling takes seconds where the planner expects many rows and finds few, as in tables
        # that were never analysed: longer than any statement here may gain by it.
        options = f"-c timezone=UTC -c statement_timeout={statement_timeout_ms} -c jit=off"

        def pool(size: int, overflow: int) -> AsyncEngine:
            engine = create_async_engine(
                async_url(url),
                pool_size=size,
                max_overflow=overflow,
                pool_timeout=5,
                connect_args=NETWORK | {"options": options},
                hide_parameters=True,
            )
            event.listen(engine.sync_engine, "handle_error", _count)
            event.listen(engine.sync_engine, "handle_error", _hide_values)
            if spare_password is not None:
                event.listen(engine.sync_engine, "do_connect", connect_with_either(spare_password))
            event.listen(engine.sync_engine, "checkout", _refuse_closed)
            return engine

        engine = pool(pool_size, pool_size)
        observe_pool(engine)
        trace_engine(engine.sync_engine)
        sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        return cls(engine, sessions, pool(1, 0))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One unit of work: committed when the block ends, rolled back when it raises."""
        async with self.sessions() as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """For one query: each is its own transaction, without the trips of beginning and ending."""
        alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with AsyncSession(alone, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """A read-only transaction in which every query sees the same moment."""
        async with self.sessions() as session, session.begin():
            await session.connection(
                execution_options={
                    "isolation_level": "REPEATABLE READ",
                    "postgresql_readonly": True,
                }
            )
            yield session

    async def ping(self) -> None:
        """Raise unless the server answers."""
        async with self.probe.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self.probe.dispose()


def _refuse_closed(connection: Any, *_: object) -> None:
    # A restarted server costs a reconnect, not a failed request. The loss is known without a query:
    # while none runs, nothing but the end of the connection arrives. `pool_pre_ping` would cost a
    # round trip for each transaction.
    poll = select.poll()
    poll.register(connection.driver_connection.fileno(), select.POLLIN)
    if poll.poll(0):
        raise InvalidatePoolError


def _count(context: ExceptionContext) -> None:
    # Some forty classes. A connection that is lost or refused has no state.
    state = getattr(context.original_exception, "sqlstate", None) or "none"
    DATABASE_ERRORS.labels(state if state == "none" else state[:2]).inc()


def _hide_values(context: ExceptionContext) -> None:
    """Reduce an error of the server to its first sentence; `diag` still has the rest.

    `hide_parameters` hides what was sent. The server's own detail repeats it: "Key (email)=(…)
    already exists", "Failing row contains (…)".
    """
    primary = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if primary is None:
        return
    whole = str(context.original_exception)
    context.original_exception.args = (primary,)
    if context.sqlalchemy_exception is not None:
        texts = [str(each).replace(whole, primary) for each in context.sqlalchemy_exception.args]
        context.sqlalchemy_exception.args = tuple(texts)


async def driver_connection(session: AsyncSession) -> Any:
    """The psycopg connection under a session, for COPY and for jobs of the same transaction."""
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    return raw.driver_connection


def constraint_name(error: IntegrityError) -> str | None:
    """The name of the constraint that a statement broke."""
    diagnostic = getattr(error.orig, "diag", None)
    name: str | None = getattr(diagnostic, "constraint_name", None)
    return name
