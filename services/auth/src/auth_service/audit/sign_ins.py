"""How many attempts to sign in have failed since the last one that did not, from the audit log."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

# Both parts find their events by the index of sign-ins (`audit.models.SIGN_INS`).
STATEMENT: Final = text("""
SELECT ids.id, (
  SELECT count(*) FROM audit_events
  WHERE action = 'login' AND outcome = 'failure' AND subject_id = ids.id
    AND sequence > coalesce(last.sequence, 0)
) AS failures
FROM unnest(cast(:ids AS uuid[])) AS ids (id)
LEFT JOIN LATERAL (
  SELECT sequence FROM audit_events
  WHERE action = 'login' AND outcome = 'success' AND subject_id = ids.id
  ORDER BY sequence DESC LIMIT 1
) AS last ON true
""")


@dataclass(frozen=True, slots=True)
class SignInHistory:
    session: AsyncSession

    async def failures(self, user_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """For each of these users, as far back as the log goes."""
        connection = await self.session.connection()
        rows = await connection.execute(STATEMENT, {"ids": list(user_ids)})
        return {row.id: row.failures for row in rows}
