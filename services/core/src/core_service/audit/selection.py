"""Tells of rows that a statement has changed by the thousand, without loading them."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.audit.acting import acting

TELL: Final = """
INSERT INTO audit_events (occurred_at, operation, actor_id, client_id, ip, request_id,
  action, entity, entity_id, court_id, changes)
SELECT :occurred_at, :operation, :actor_id, :client_id, :ip, :request_id, told.*
FROM ({selection}) AS told (action, entity, entity_id, court_id, changes)
"""


async def tell_selected(session: AsyncSession, selection: str, values: Mapping[str, Any]) -> None:
    """Note what a SELECT gives: action, entity, its ID, its court, and the changes as JSONB.

    For statements that the session cannot see; run it in the same transaction.
    """
    doing = acting.get()
    if doing is None:
        return
    connection = await session.connection()
    statement = text(TELL.format(selection=selection))
    known = set(statement.compile().params)
    given = {**doing.put_down(), **values}
    await connection.execute(statement, {name: given[name] for name in known})
