"""The statements that core runs for a request, and psycopg running them alone."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

import httpx
import psycopg
from sqlalchemy import event

from common.assertions import AssertionMinter
from common.clock import SystemClock
from common.composition import Units
from core_service.app import Callers, caller_verifier, create_app
from core_service.settings import AUDIENCE
from core_service.wiring import wire
from testkit.core.api import Api
from testkit.core.auth import FakeAuth, with_auth
from testkit.core.settings import ASSERTION_KEY, make_settings
from testkit.core.tokens import Issuer

Statement = tuple[str, Any]
KEYS: Final = "bench-"


@dataclass(slots=True)
class Recorder:
    """Core in this process; `api` calls it, and `statements` are what that has run."""

    core: Units
    api: Api
    statements: list[Statement] = field(default_factory=list)

    def taken(self) -> list[Statement]:
        """The statements since the last time."""
        taken, self.statements = self.statements, []
        return taken


@asynccontextmanager
async def recording(database_url: str) -> AsyncIterator[Recorder]:
    """Core on this database, with every statement written down."""
    settings = make_settings(database_url)
    auth = FakeAuth()
    core = with_auth(auth, wire(settings))
    verifier = caller_verifier(settings, core, Issuer().resolve)
    app, _ = create_app(core, Callers(verifier))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://core") as client:
        minter = AssertionMinter(AUDIENCE, ASSERTION_KEY)
        recorder = Recorder(core, Api(client, minter, SystemClock(), auth=auth))

        def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
            recorder.statements.append((sql, parameters))

        event.listen(core.database.engine.sync_engine, "before_cursor_execute", note)
        try:
            yield recorder
        finally:
            await core.close()


@contextmanager
def replaying(database_url: str) -> Iterator[Callable[[list[Statement]], float]]:
    """Runs the statements of a request in one transaction, every row fetched; gives the seconds."""
    with psycopg.connect(database_url, options="-c timezone=UTC") as connection:

        def run(statements: list[Statement]) -> float:
            started = perf_counter()
            for sql, parameters in statements:
                cursor = connection.execute(sql, parameters)
                if cursor.description is not None:
                    cursor.fetchall()
            connection.commit()
            return perf_counter() - started

        yield run


def forget_cases(database_url: str, requests: list[list[Statement]]) -> None:
    """Take back the cases that recorded requests have made, so that they can be made again."""
    ids = [
        parameters["id"]
        for statements in requests
        for sql, parameters in statements
        if sql.startswith("INSERT INTO cases ")
    ]
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM case_status_events WHERE case_id = ANY(%s)", (ids,))
        connection.execute("DELETE FROM cases WHERE id = ANY(%s)", (ids,))
        connection.execute("DELETE FROM idempotency_keys WHERE key LIKE %s", (f"{KEYS}%",))
