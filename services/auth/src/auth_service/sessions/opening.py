"""The statement of a sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.audit.models import AuditEvent
from auth_service.sessions.combined import grants_after, with_record_and_grants
from auth_service.sessions.models import Session
from auth_service.users.models import UserGrant

OPEN: Final = with_record_and_grants("""
cleared AS (
  DELETE FROM login_failures WHERE email_hash = :email_hash
), opened AS (
  INSERT INTO sessions (id, user_id, delivery, device_name, ip, user_agent,
    created_at, last_used_at, idle_expires_at, expires_at)
  VALUES (:session_id, :subject_id, :delivery, :device_name, :ip, :user_agent,
    :now, :now, :idle_expires_at, :expires_at)
), first AS (
  INSERT INTO refresh_tokens (token_hash, session_id, generation, created_at)
  VALUES (:token_hash, :session_id, 0, :now)
)
""")


@dataclass(frozen=True, slots=True)
class OpeningRepository:
    """Stores new sessions of a user whose row the unit of work holds."""

    session: AsyncSession

    async def open(
        self, opened: Session, token_hash: bytes, email_hash: bytes, event: AuditEvent
    ) -> Sequence[UserGrant]:
        """Store a session with its first token, record the sign-in and forget failed ones."""
        values = opened.model_dump(
            include={"delivery", "device_name", "idle_expires_at", "expires_at"}
        )
        # The row's moments are those that the tokens tell, not the event's somewhat later one.
        values |= {"now": opened.created_at, "token_hash": token_hash, "email_hash": email_hash}
        return await grants_after(self.session, OPEN, event, values)
