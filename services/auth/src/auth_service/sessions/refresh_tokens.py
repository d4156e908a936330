"""Refresh tokens: how they are made, and the statements that store, lock and spend them.

The first token of a session is 256 random bits. The successor is the HMAC of the presented token
under a key of the server: parallel uses of one token, from several tabs or after a lost answer, get
the same successor, and no token is stored in plain text.

The statements of a sign-in and of a refresh, for which users wait most, also write the audit log
and read users and grants: a dozen that each knew one table took three times as long.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.selectable import TextualSelect
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.audit.models import AuditEvent
from auth_service.sessions.models import RefreshToken, Session
from auth_service.users.models import User, UserGrant
from common.jws import TokenRefused, decode_segment

TOKEN_BYTES: Final = 32
LABEL: Final = b"masijala refresh successor v1\x00"
RECORDED: Final = (
    *("outcome", "actor_id", "subject_id", "session_id", "client_id", "ip", "user_agent"),
    *("action", "request_id", "details"),
)
GRANTS: Final = UserGrant.metadata.tables["grants"]
# The grants are those at the beginning of this statement, when the user's row is locked already.
# If the statement that waits for the lock read them, they could be older than the wait.
RECORD_AND_GRANTS: Final = f"""
recorded AS (
  INSERT INTO audit_events (occurred_at, action, outcome, actor_id, subject_id, session_id,
    client_id, ip, user_agent, request_id, details)
  VALUES (:now, :action, :outcome, :actor_id, :subject_id, :session_id,
    :client_id, :ip, :user_agent, :request_id, :details)
)
SELECT {", ".join(GRANTS.columns.keys())} FROM grants
WHERE user_id = :subject_id AND (expires_at IS NULL OR expires_at > :now)
ORDER BY role, id
"""  # noqa: S608 - the names of the columns, in the order that the statement is read in
# The user's row is locked before the session's, as everywhere: Postgres takes the clauses in order.
# The token's is locked as well, so that it is read again when the lock had to be waited for.
FAMILY: Final = (
    select(User, Session, RefreshToken)
    .join(Session, col(Session.user_id) == col(User.id))
    .join(RefreshToken, col(RefreshToken.session_id) == col(Session.id))
    .where(col(RefreshToken.token_hash) == bindparam("token_hash"))
    .with_for_update(read=True, of=User)
    .suffix_with("FOR UPDATE OF sessions, refresh_tokens")
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class RefreshTokens:
    """Makes first tokens at random and derives successors under `key`."""

    key: bytes

    def first(self) -> str:
        return secrets.token_urlsafe(TOKEN_BYTES)

    def successor(self, token: str) -> str:
        """The one token that follows this one."""
        mac = hmac.new(self.key, LABEL + token.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What is stored of a token. A slow hash adds nothing to 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def is_well_formed(token: str) -> bool:
    """Whether a string has the form of a refresh token."""
    try:
        return len(decode_segment(token)) == TOKEN_BYTES
    except (TokenRefused, UnicodeEncodeError):
        return False


def _statement(clauses: str) -> TextualSelect:
    """A statement that does what the `WITH` clauses say, records it and reads the grants."""
    clause: TextClause = text(f"WITH {clauses}, {RECORD_AND_GRANTS}")
    return clause.bindparams(bindparam("details", type_=JSONB)).columns(*GRANTS.columns)


OPEN: Final = _statement("""
cleared AS (
  DELETE FROM login_failures WHERE email_hash = :counter
), opened AS (
  INSERT INTO sessions (id, user_id, delivery, device_name, ip, user_agent, amr,
    created_at, authenticated_at, last_used_at, idle_expires_at, expires_at)
  VALUES (:session_id, :subject_id, :delivery, :device_name, :ip, :user_agent, :amr,
    :now, :authenticated_at, :now, :idle_expires_at, :expires_at)
), first AS (
  INSERT INTO refresh_tokens (token_hash, session_id, generation, created_at)
  VALUES (:token_hash, :session_id, 0, :now)
), signed_in AS (
  UPDATE users SET last_signed_in_at = :now, dormant_at = NULL WHERE id = :subject_id
)
""")


# The next token is inserted from the rows that the update of the last one returns: a session never
# has two current tokens.
ADVANCE: Final = _statement("""
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
    """A refresh token, spent or not, with its session and user, locked until the unit ends."""

    user: User
    session: Session
    token: RefreshToken


@dataclass(frozen=True, slots=True)
class CombinedStatements:
    """Opens sessions, and finds, locks and advances families of refresh tokens."""

    session: AsyncSession

    async def open(
        self, opened: Session, token_hash: bytes, counter: bytes, event: AuditEvent
    ) -> Sequence[UserGrant]:
        """Store a session with its first token, record the sign-in and clear failed ones.

        The caller has locked the user's row for changes. Gives the grants that are not over.
        """
        values = opened.model_dump(
            include={
                *("delivery", "device_name", "amr"),
                *("authenticated_at", "idle_expires_at", "expires_at"),
            }
        )
        # The times of the row are those in the tokens, not the slightly later one of the event.
        values |= {"now": opened.created_at, "token_hash": token_hash, "counter": counter}
        return await self._grants_after(OPEN, event, values)

    async def session_of(self, token_hash: bytes) -> UUID | None:
        """The session of a refresh token, without any lock."""
        session_id = select(RefreshToken.session_id)
        return (
            await self.session.exec(session_id.where(col(RefreshToken.token_hash) == token_hash))
        ).first()

    async def lock(self, token_hash: bytes) -> Family | None:
        """The family of a refresh token, as it is once all of it is locked."""
        row = (await self.session.exec(FAMILY, params={"token_hash": token_hash})).first()
        return Family(*row) if row is not None else None

    async def advance(
        self, family: Family, successor: bytes, idle_expires_at: datetime, event: AuditEvent
    ) -> Sequence[UserGrant]:
        """Spend the current token, store the next, record it; gives the grants not over."""
        values = {
            "presented": family.token.token_hash,
            "successor": successor,
            "idle_expires_at": idle_expires_at,
        }
        grants = await self._grants_after(ADVANCE, event, values)
        set_committed_value(family.session, "last_used_at", event.occurred_at)
        set_committed_value(family.session, "idle_expires_at", idle_expires_at)
        return grants

    async def _grants_after(
        self, statement: TextualSelect, event: AuditEvent, values: Mapping[str, Any]
    ) -> Sequence[UserGrant]:
        recorded = {name: getattr(event, name) for name in RECORDED}
        connection = await self.session.connection()
        rows = await connection.execute(statement, {**recorded, "now": event.occurred_at, **values})
        return [UserGrant(**row) for row in rows.mappings()]
