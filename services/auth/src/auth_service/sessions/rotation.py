"""The two statements of a refresh, the request that every user sends every ten minutes.

They reach into the tables of users, grants and the audit log at once: nine statements that each
knew one table took three times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.audit.models import AuditEvent
from auth_service.sessions.models import RefreshToken, Session
from auth_service.users.models import User, UserGrant

# The user's row is locked before the session's, as everywhere: Postgres takes the clauses in order.
# The token's is locked as well, so that it is read anew when the lock had to be waited for.
FAMILY: Final = (
    select(User, Session, RefreshToken)
    .join(Session, col(Session.user_id) == col(User.id))
    .join(RefreshToken, col(RefreshToken.session_id) == col(Session.id))
    .where(col(RefreshToken.token_hash) == bindparam("token_hash"))
    .with_for_update(read=True, of=User)
    .suffix_with("FOR UPDATE OF sessions, refresh_tokens")
    .execution_options(populate_existing=True)
)

# The next token is inserted from what the update of the last one returns: at no moment does a
# session have two current tokens. The grants are those of this statement's beginning, when the
# locks are held already; in the statement that waits for them, they could be from before the wait.
ADVANCE: Final = text("""
WITH spent AS (
  UPDATE refresh_tokens SET spent_at = :now WHERE token_hash = :presented
  RETURNING session_id, generation
), following AS (
  INSERT INTO refresh_tokens (token_hash, session_id, generation, created_at)
  SELECT :successor, session_id, generation + 1, :now FROM spent
), used AS (
  UPDATE sessions SET last_used_at = :now, idle_expires_at = :idle_expires_at
  FROM spent WHERE id = spent.session_id
), recorded AS (
  INSERT INTO audit_events (occurred_at, action, outcome, actor_id, subject_id, session_id,
    client_id, ip, user_agent, request_id, details)
  VALUES (:now, :action, :outcome, :actor_id, :subject_id, :session_id,
    :client_id, :ip, :user_agent, :request_id, '{}')
)
SELECT * FROM grants
WHERE user_id = :subject_id AND (expires_at IS NULL OR expires_at > :now)
ORDER BY role, id
""").columns(*UserGrant.metadata.tables["grants"].columns)
RECORDED: Final = (
    *("outcome", "actor_id", "subject_id", "session_id", "client_id", "ip", "user_agent"),
    *("action", "request_id"),
)


@dataclass(frozen=True, slots=True)
class Family:
    """A refresh token, spent or not, with its session and user, held until the transaction ends."""

    user: User
    session: Session
    token: RefreshToken


@dataclass(frozen=True, slots=True)
class Step:
    """From one current token of a session to the next."""

    presented: bytes
    successor: bytes
    idle_expires_at: datetime


@dataclass(frozen=True, slots=True)
class RotationRepository:
    """Finds, holds and advances a family of refresh tokens."""

    session: AsyncSession

    async def session_of(self, token_hash: bytes) -> UUID | None:
        """The session in whose family the token is, without any lock."""
        session_id = select(RefreshToken.session_id)
        return (
            await self.session.exec(session_id.where(col(RefreshToken.token_hash) == token_hash))
        ).first()

    async def hold(self, token_hash: bytes) -> Family | None:
        """The family, as it is once all of it is locked."""
        row = (await self.session.exec(FAMILY, params={"token_hash": token_hash})).first()
        return Family(*row) if row is not None else None

    async def advance(self, family: Family, step: Step, event: AuditEvent) -> Sequence[UserGrant]:
        """Spend the current token, store the next, record it; gives the grants in force."""
        values: dict[str, Any] = {name: getattr(event, name) for name in RECORDED}
        values |= {
            "now": event.occurred_at,
            "presented": step.presented,
            "successor": step.successor,
            "idle_expires_at": step.idle_expires_at,
        }
        connection = await self.session.connection()
        rows = (await connection.execute(ADVANCE, values)).mappings()
        grants = [UserGrant(**row) for row in rows]
        set_committed_value(family.session, "last_used_at", event.occurred_at)
        set_committed_value(family.session, "idle_expires_at", step.idle_expires_at)
        return grants
