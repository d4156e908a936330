"""Events of the rows that a bulk statement has changed, without loading them."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.audit.acting import acting

INSERT_EVENTS: Final = """
INSERT INTO audit_events (occurred_at, operation, actor_id, client_id, ip, request_id,
  action, entity, entity_id, court_id, changes)
SELECT :occurred_at, :operation, :actor_id, :client_id, :ip, :request_id, noted.*
FROM ({selection}) AS noted (action, entity, entity_id, court_id, changes)
"""


async def note_selected(session: AsyncSession, selection: str, values: Mapping[str, Any]) -> None:
    """Write an event for each row of a SELECT: action, entity, its ID, court, changes as JSONB.

    For statements that the session cannot see; run it in the same transaction.
    """
    current = acting.get()
    if current is None:
        return
    connection = await session.connection()
    statement = text(INSERT_EVENTS.format(selection=selection))
    known = set(statement.compile().params)
    given = {**current.columns(), **values}
    await connection.execute(statement, {name: given[name] for name in known})
