"""Opening, rotating and ending sessions. Everything is decided under the session's row lock.

Locks are taken in one order, the user's row before the session's, so that a refresh and a change
of the user can wait for each other but never deadlock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from sqlmodel import col

from auth_service.audit.models import Action, Outcome
from auth_service.audit.service import AuditLog, Event
from auth_service.limits.service import Limits
from auth_service.mail.outbox import Outbox
from auth_service.revocations.changes import Changes
from auth_service.sessions.derivation import RefreshTokens, is_well_formed, token_hash
from auth_service.sessions.errors import RefreshTokenInvalid, RefreshTokenReused
from auth_service.sessions.models import Delivery, EndReason, RefreshToken, Session
from auth_service.sessions.repository import RefreshTokenRepository, SessionRepository
from auth_service.users.models import User
from auth_service.users.service import UserService
from common.clock import Clock
from common.errors import NotFound
from common.pages import PageRequest


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long sessions live, and how long the previous refresh token is honoured."""

    idle: timedelta
    absolute: timedelta
    window: timedelta


@dataclass(frozen=True, slots=True)
class Device:
    """What a session is opened from."""

    delivery: Delivery
    name: str | None
    ip: str | None
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class Tenure:
    """A live session, its user, and the one refresh token that is good for it now."""

    user: User
    session: Session
    refresh_token: str


@dataclass(frozen=True, slots=True)
class SessionService:
    """Sessions within one unit of work."""

    sessions: SessionRepository
    tokens: RefreshTokenRepository
    users: UserService
    derivation: RefreshTokens
    rules: SessionRules
    clock: Clock
    audit: AuditLog
    changes: Changes
    outbox: Outbox
    limits: Limits

    async def open(self, user: User, device: Device) -> Tenure:
        """A new session for a user whose row the caller holds."""
        now = self.clock.now()
        session = Session(
            user_id=user.id,
            delivery=device.delivery,
            device_name=device.name,
            ip=device.ip,
            user_agent=device.user_agent,
            created_at=now,
            last_used_at=now,
            idle_expires_at=now + min(self.rules.idle, self.rules.absolute),
            expires_at=now + self.rules.absolute,
        )
        await self.sessions.add(session)
        token = self.derivation.first()
        await self._store(token, session, generation=0)
        self.changes.session_used(session)
        return Tenure(user, session, token)

    async def rotate(self, presented: str) -> Tenure:
        """The session with its next refresh token.

        Raises RefreshTokenInvalid, RefreshTokenReused or RateLimited.
        """
        owner = await self._lock_owner(presented, limited=True)
        if owner is None:
            raise RefreshTokenInvalid
        user, session = owner
        token = await self.tokens.first(self.tokens.with_hash(token_hash(presented)))
        if token is None or not user.is_active or not session.is_live(self.clock.now()):
            self._refuse(session)
        successor = self.derivation.successor(presented)
        if token.spent_at is None:
            await self._advance(session, token, successor)
        elif not await self._is_previous(token, token.spent_at):
            await self._end_for_reuse(session)
        elif not await self._is_current(session, successor):
            self._refuse(session)  # the derivation key was changed within the window
        return Tenure(user, session, successor)

    async def end_by_token(self, presented: str) -> bool:
        """End the session of any of its refresh tokens, spent or not; whether there was one."""
        owner = await self._lock_owner(presented)
        if owner is None:
            return False
        self._end(owner[1], EndReason.LOGOUT, Action.LOGOUT)
        return True

    async def end(self, user_id: UUID, session_id: UUID, reason: EndReason, action: Action) -> bool:
        """End one session of a user; whether there was a live one."""
        await self.users.hold(user_id)
        session = await self.sessions.first(self.sessions.locked(session_id))
        if session is None or session.user_id != user_id:
            return False
        return self._end(session, reason, action)

    async def end_own(self, user_id: UUID, session_id: UUID) -> None:
        """End one of the caller's sessions. Raises NotFound."""
        if not await self.end(user_id, session_id, EndReason.USER, Action.SESSION_END):
            raise NotFound

    async def end_all(self, user_id: UUID, reason: EndReason, *, keep: UUID | None = None) -> None:
        """End every live session of a user but `keep`."""
        await self.users.hold(user_id)
        live = self.sessions.live_of(user_id, self.clock.now())
        for session in await self.sessions.all(live.order_by(col(Session.id)).with_for_update()):
            if session.id != keep:
                self._end(session, reason, Action.SESSION_END)

    async def live(self, user_id: UUID, session_id: UUID) -> Session | None:
        """The session, when it is this user's and live."""
        statement = self.sessions.live_of(user_id, self.clock.now())
        return await self.sessions.first(statement.where(col(Session.id) == session_id))

    async def by_current_token(self, refresh_token: str) -> Session | None:
        """The live session of which this is the current refresh token."""
        token = await self.tokens.first(self.tokens.with_hash(token_hash(refresh_token)))
        if token is None or token.spent_at is not None:
            return None
        session = await self.sessions.get(token.session_id)
        return session if session is not None and session.is_live(self.clock.now()) else None

    async def newest_live(
        self, user_id: UUID, page: PageRequest, before: UUID | None
    ) -> tuple[Sequence[Session], int | None]:
        """Up to one more than a page of live sessions, and their number when it was asked for."""
        statement = self.sessions.live_of(user_id, self.clock.now())
        total = await self.sessions.count(statement) if page.count else None
        if before is not None:
            statement = statement.where(col(Session.id) < before)
        newest = statement.order_by(col(Session.id).desc()).limit(page.limit + 1)
        return await self.sessions.all(newest), total

    async def ended_since(self, moment: datetime) -> Sequence[Session]:
        """Sessions that ended at or after a moment."""
        return await self.sessions.all(self.sessions.ended_since(moment))

    async def live_after(self, session_id: UUID | None, limit: int) -> Sequence[Session]:
        """Live sessions of all users in order of ID, a batch at a time."""
        statement = self.sessions.live(self.clock.now()).order_by(col(Session.id)).limit(limit)
        if session_id is not None:
            statement = statement.where(col(Session.id) > session_id)
        return await self.sessions.all(statement)

    async def _lock_owner(
        self, presented: str, *, limited: bool = False
    ) -> tuple[User, Session] | None:
        """The user and the session behind a refresh token, both held until the end."""
        if not is_well_formed(presented):
            return None
        found = await self.sessions.first(self.sessions.of_token(token_hash(presented)))
        if found is None:
            return None
        if limited:
            await self.limits.refresh(found.id)  # before any lock is held
        user = await self.users.hold(found.user_id)
        session = await self.sessions.first(self.sessions.locked(found.id))
        return (user, session) if user is not None and session is not None else None

    async def _advance(self, session: Session, token: RefreshToken, successor: str) -> None:
        now = self.clock.now()
        token.spent_at = now
        # Flushed on its own: at no moment may a session have two current tokens.
        await self.tokens.session.flush()
        await self._store(successor, session, token.generation + 1)
        session.last_used_at = now
        session.idle_expires_at = min(now + self.rules.idle, session.expires_at)
        self.changes.session_used(session)
        self.audit.record(Event(Action.REFRESH, subject_id=session.user_id, session_id=session.id))

    async def _store(self, token: str, session: Session, generation: int) -> None:
        await self.tokens.add(
            RefreshToken(
                token_hash=token_hash(token),
                session_id=session.id,
                generation=generation,
                created_at=self.clock.now(),
            )
        )

    async def _is_previous(self, token: RefreshToken, spent_at: datetime) -> bool:
        current = await self.tokens.first(self.tokens.current_of(token.session_id))
        return (
            current is not None
            and current.generation == token.generation + 1
            and self.clock.now() - spent_at <= self.rules.window
        )

    async def _is_current(self, session: Session, token: str) -> bool:
        current = await self.tokens.first(self.tokens.current_of(session.id))
        return current is not None and current.token_hash == token_hash(token)

    async def _end_for_reuse(self, session: Session) -> NoReturn:
        if self._end(session, EndReason.REUSE, Action.REFRESH_REUSE, Outcome.DENIED):
            await self.outbox.session_reused(session.user_id, session.device_name)
        raise RefreshTokenReused

    def _refuse(self, session: Session) -> NoReturn:
        self.audit.record(
            Event(
                Action.REFRESH,
                Outcome.FAILURE,
                reason=session.end_reason or "not-live",
                subject_id=session.user_id,
                session_id=session.id,
            )
        )
        raise RefreshTokenInvalid

    def _end(
        self,
        session: Session,
        reason: EndReason,
        action: Action,
        outcome: Outcome = Outcome.SUCCESS,
    ) -> bool:
        if session.ended_at is not None:
            return False
        session.ended_at = self.clock.now()
        session.end_reason = reason
        self.changes.session_ended(session.id, session.ended_at)
        self.audit.record(
            Event(
                action,
                outcome,
                reason=reason,
                subject_id=session.user_id,
                session_id=session.id,
            )
        )
        return True
