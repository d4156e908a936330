"""The two statements of a refresh, the request that every user sends every ten minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.audit.models import AuditEvent
from auth_service.sessions.combined import grants_after, with_record_and_grants
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
# session have two current tokens.
ADVANCE: Final = with_record_and_grants("""
spent AS (
  UPDATE refresh_tokens SET spent_at = :now WHERE token_hash = :presented
  RETURNING session_id, generation
), following AS (
  INSERT INTO refresh_tokens (token_hash, session_id, generation, created_at)
  SELECT :successor, session_id, generation + 1, :now FROM spent
), used AS (
  UPDATE sessions SET last_used_at = :now, idle_expires_at = :idle_expires_at
  FROM spent WHERE id = spent.session_id
)
""")


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
        values = {
            "presented": step.presented,
            "successor": step.successor,
            "idle_expires_at": step.idle_expires_at,
        }
        grants = await grants_after(self.session, ADVANCE, event, values)
        set_committed_value(family.session, "last_used_at", event.occurred_at)
        set_committed_value(family.session, "idle_expires_at", step.idle_expires_at)
        return grants
