"""Events of the rows that a bulk statement has changed, without loading them."""

from typing import Any, Final

from sqlalchemy import Select, insert, literal, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.audit.acting import acting
from core_service.audit.models import AuditEvent
from core_service.tables import METADATA

EVENTS: Final = METADATA.tables[str(AuditEvent.__tablename__)]
SELECTED: Final = ("action", "entity", "entity_id", "court_id", "changes")


async def note_selected(session: AsyncSession, selection: Select[*tuple[Any, ...]]) -> None:
    """Write an event for each row of a SELECT: action, entity, its ID, court, changes as JSONB.

    For statements that the session cannot see; run it in the same transaction.
    """
    current = acting.get()
    if current is None:
        return
    by = current.columns()
    literals = [literal(value, EVENTS.c[name].type) for name, value in by.items()]
    rows = select(*literals, *selection.subquery().c)
    connection = await session.connection()
    await connection.execute(insert(EVENTS).from_select([*by, *SELECTED], rows))
