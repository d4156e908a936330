"""Notes from when on users must have a second factor."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.users.obligation import FactorRules
from common.clock import Clock

OBLIGED: Final = """EXISTS (
  SELECT FROM grants WHERE user_id = users.id AND role = ANY(:roles)
    AND (begins_at IS NULL OR begins_at <= :now) AND (expires_at IS NULL OR expires_at > :now))"""
# The time to enrol begins with the password: an invited user could not enrol before.
BEGIN: Final = text(f"""
UPDATE users SET factor_due_at = :due WHERE factor_due_at IS NULL AND is_active
  AND password_hash IS NOT NULL AND {OBLIGED}
  AND NOT EXISTS (
    SELECT FROM factors WHERE user_id = users.id AND confirmed_at IS NOT NULL)
""")  # noqa: S608 - no value of a request is in it
END: Final = text(f"""
UPDATE users SET factor_due_at = NULL WHERE factor_due_at IS NOT NULL AND NOT {OBLIGED}
""")  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class FactorSweep:
    session: AsyncSession
    rules: FactorRules
    clock: Clock

    async def run(self) -> None:
        """Begin the time to enrol for users whose roles oblige them, however they got those."""
        now = self.clock.now()
        values = {
            "roles": [role.value for role in self.rules.roles],
            "now": now,
            "due": now + self.rules.grace,
        }
        connection = await self.session.connection()
        for statement in (BEGIN, END):
            await connection.execute(statement, values)
