"""Deletes old rows: sessions, tokens of every kind, and answers stored for repeated requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Table,
    and_,
    delete,
    exists,
    or_,
    select,
    tuple_,
)

from auth_service.models import IDEMPOTENCY_KEYS
from auth_service.tables import METADATA
from auth_service.users.email_changes import LIFETIMES
from common.clock import Clock
from common.database import Database
from common.logs import get_logger

BATCH: Final = 500
# Reuse is detected by spent tokens, so all remain as long as their session is live. Those of an
# ended session are refused anyway.
TOKEN_RETENTION: Final = timedelta(days=1)
SESSION_RETENTION: Final = timedelta(days=30)
# Much longer than any error of a clock, and than revocations in Redis are needed.
REVOCATION_RETENTION: Final = timedelta(days=1)
LINK_RETENTION: Final = timedelta(days=1)
# A change may be confirmed until its letter was given up, and undone that long afterwards.
LONGEST_CHANGE: Final = timedelta(days=1) + sum(LIFETIMES.values(), timedelta())
# No client repeats a request after that; a key that is used again is a new one.
ANSWER_RETENTION: Final = timedelta(days=7)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Works in small transactions; any number of replicas may do so at the same time."""

    database: Database
    clock: Clock

    async def run(self) -> None:
        """Delete everything that is old enough."""
        deleted = {
            table.name: await self._delete_batches(table, condition)
            for table, condition in _old_rows(self.clock.now()).items()
        }
        if any(deleted.values()):
            log.info("housekeeping", **deleted)

    async def _delete_batches(self, table: Table, condition: ColumnElement[bool]) -> int:
        key = tuple_(*table.primary_key)
        old = select(*table.primary_key).where(condition).limit(BATCH)
        total = 0
        while True:
            async with self.database.transaction() as session:
                connection = await session.connection()
                # Rows that another replica deletes at the same time are skipped.
                found = await connection.execute(old.with_for_update(skip_locked=True))
                keys = [tuple(row) for row in found]
                if keys:
                    result: CursorResult[object] = await connection.execute(
                        delete(table).where(key.in_(keys))
                    )
                    total += result.rowcount
            if len(keys) < BATCH:
                return total


def _old_rows(now: datetime) -> Mapping[Table, ColumnElement[bool]]:
    tables = METADATA.tables
    refresh_tokens, sessions = tables["refresh_tokens"], tables["sessions"]
    ended = select(sessions.c.id).where(_ended(now - TOKEN_RETENTION))
    before_revocations = now - REVOCATION_RETENTION
    revoked, cutoffs = tables["revoked_tokens"], tables["client_cutoffs"]
    links, challenges = tables["password_tokens"], tables["challenges"]
    sign_ins, states = tables["sign_in_codes"], tables["used_states"]
    began_there = tables["directory_sessions"]
    is_there = exists().where(sessions.c.id == began_there.c.session_id)
    codes, changes = tables["one_time_codes"], tables["email_changes"]
    return {
        refresh_tokens: refresh_tokens.c.session_id.in_(ended),
        sessions: _ended(now - SESSION_RETENTION),
        revoked: revoked.c.expires_at < before_revocations,
        cutoffs: cutoffs.c.tokens_valid_from < before_revocations,
        challenges: challenges.c.expires_at < now - LINK_RETENTION,
        sign_ins: sign_ins.c.expires_at < now - LINK_RETENTION,
        # One without a session waited for a second factor.
        began_there: and_(began_there.c.created_at < now - LINK_RETENTION, ~is_there),
        states: states.c.expires_at < now,
        links: links.c.expires_at < now - LINK_RETENTION,
        codes: codes.c.expires_at < now - LINK_RETENTION,
        # Its links go with it; the last of them ends before.
        changes: changes.c.created_at < now - LONGEST_CHANGE - LINK_RETENTION,
        IDEMPOTENCY_KEYS: IDEMPOTENCY_KEYS.c.created_at < now - ANSWER_RETENTION,
    }


def _ended(before: datetime) -> ColumnElement[bool]:
    """Whether a session had ended or expired; the idle time always comes before the absolute."""
    sessions = METADATA.tables["sessions"]
    return or_(sessions.c.ended_at < before, sessions.c.idle_expires_at < before)
