"""What the statements of a sign-in and of a refresh have in common.

These two are what users wait for most. They reach into the tables of users, grants and the audit
log at once: a dozen statements that each knew one table took three times as long.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.sql.selectable import TextualSelect
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.audit.models import AuditEvent
from auth_service.users.models import UserGrant

RECORDED: Final = (
    *("outcome", "actor_id", "subject_id", "session_id", "client_id", "ip", "user_agent"),
    *("action", "request_id"),
)
# The grants are those of this statement's beginning, when the user's row is locked already. Read by
# the statement that waits for the lock, they could be from before the wait.
RECORD_AND_GRANTS: Final = """
recorded AS (
  INSERT INTO audit_events (occurred_at, action, outcome, actor_id, subject_id, session_id,
    client_id, ip, user_agent, request_id, details)
  VALUES (:now, :action, :outcome, :actor_id, :subject_id, :session_id,
    :client_id, :ip, :user_agent, :request_id, '{}')
)
SELECT * FROM grants
WHERE user_id = :subject_id AND (expires_at IS NULL OR expires_at > :now)
ORDER BY role, id
"""


def with_record_and_grants(clauses: str) -> TextualSelect:
    """A statement that does what the `WITH` clauses say, records it and gives the grants."""
    clause: TextClause = text(f"WITH {clauses}, {RECORD_AND_GRANTS}")
    return clause.columns(*UserGrant.metadata.tables["grants"].columns)


async def grants_after(
    session: AsyncSession, statement: TextualSelect, event: AuditEvent, values: Mapping[str, Any]
) -> Sequence[UserGrant]:
    """Run such a statement; gives the grants in force of the event's subject."""
    recorded = {name: getattr(event, name) for name in RECORDED}
    connection = await session.connection()
    rows = await connection.execute(statement, {**recorded, "now": event.occurred_at, **values})
    return [UserGrant(**row) for row in rows.mappings()]
