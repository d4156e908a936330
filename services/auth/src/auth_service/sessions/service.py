"""Opening, rotating and ending sessions, always under the lock of the session's row.

Locks are taken in one order, the user's row before the session's, so that a refresh and a change
of the user never deadlock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NoReturn
from uuid import UUID

from sqlmodel import col

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.limits.service import Limits
from auth_service.mail.outbox import Outbox
from auth_service.revocations.rules import PendingRevocations
from auth_service.sessions.device_letters import DeviceLetters
from auth_service.sessions.errors import (
    ReauthenticationRequired,
    RefreshTokenInvalid,
    RefreshTokenReused,
    StepUpRequired,
)
from auth_service.sessions.models import EndReason, Method, Session
from auth_service.sessions.opening import Device, LiveSession, SessionRules
from auth_service.sessions.refresh_tokens import (
    CombinedStatements,
    Family,
    RefreshTokens,
    is_well_formed,
    token_hash,
)
from auth_service.sessions.repository import RefreshTokenRepository, SessionRepository
from auth_service.users.grants import CurrentGrants
from auth_service.users.models import User
from auth_service.users.obligation import FactorRules
from auth_service.users.service import UserService
from common.clock import Clock
from common.errors import NotFound
from common.ids import uuid7
from common.keyset import Order, Pager, Slice, SortKey, read_id
from common.pages import PageRequest

NEWEST: Final[Order[Session]] = Order(
    "id", (SortKey(col(Session.id), lambda row: row.id, read_id),), descending=True
)


@dataclass(frozen=True, slots=True)
class SessionService:
    sessions: SessionRepository
    tokens: RefreshTokenRepository
    statements: CombinedStatements
    users: UserService
    derivation: RefreshTokens
    rules: SessionRules
    clock: Clock
    audit: AuditLog
    revocations: PendingRevocations
    outbox: Outbox
    device_letters: DeviceLetters
    limits: Limits
    pager: Pager
    factors: FactorRules

    async def open(self, user: User, device: Device) -> LiveSession:
        """A new session for a user whose row the caller has locked for changes, in place of the
        device's previous one; clears failed sign-ins.
        """
        await self.device_letters.notify(user, device)
        if device.previous is not None:
            await self.end_by_token(device.previous)
        now, token = self.clock.now(), self.derivation.first()
        session = Session(
            id=device.session_id or uuid7(),
            user_id=user.id,
            delivery=device.delivery,
            device_name=device.name,
            ip=device.ip,
            user_agent=device.user_agent,
            amr=[method.value for method in device.amr],
            created_at=now,
            authenticated_at=device.authenticated_at or now,
            last_used_at=now,
            idle_expires_at=now + min(self.rules.idle, self.rules.absolute),
            expires_at=now + self.rules.absolute,
        )
        event = self.audit.row(
            Event(
                Action.LOGIN,
                actor_id=user.id,
                subject_id=user.id,
                session_id=session.id,
                details={"methods": session.amr},
            )
        )
        grants = await self.statements.open(session, token_hash(token), device.counter, event)
        return LiveSession(user, session, token, CurrentGrants.of(grants, now))

    async def rotate(self, presented: str) -> LiveSession:
        """The session with its next refresh token.

        Raises RefreshTokenInvalid, RefreshTokenReused or RateLimited.
        """
        hashed = token_hash(presented)
        session_id = await self.statements.session_of(hashed) if is_well_formed(presented) else None
        if session_id is None:
            raise RefreshTokenInvalid
        await self.limits.refresh(session_id)  # before any lock is taken
        family = await self.statements.lock(hashed)
        if family is None:
            raise RefreshTokenInvalid
        if not family.user.is_active or not family.session.is_live(self.clock.now()):
            self._refuse(family.session)
        if await self._lacks_factor(family):
            self._end(family.session, EndReason.FACTOR, Action.SESSION_END)
            raise RefreshTokenInvalid
        successor = self.derivation.successor(presented)
        if family.token.spent_at is None:
            grants = await self._advance(family, successor)
        else:
            await self._require_repeatable(family, successor)
            grants = await self.users.current_grants(family.user.id)
        return LiveSession(family.user, family.session, successor, grants)

    async def end_by_token(self, presented: str) -> bool:
        """End the session of a refresh token, spent or not; whether there was one."""
        if not is_well_formed(presented):
            return False
        family = await self.statements.lock(token_hash(presented))
        if family is None:
            return False
        self._end(family.session, EndReason.LOGOUT, Action.LOGOUT)
        return True

    async def end(self, user_id: UUID, session_id: UUID, reason: EndReason, action: Action) -> bool:
        """End one session of a user; whether there was a live one."""
        await self.users.share_lock(user_id)
        session = await self.sessions.first(self.sessions.locked(session_id))
        if session is None or session.user_id != user_id:
            return False
        return self._end(session, reason, action)

    async def end_own(self, user_id: UUID, session_id: UUID, current: UUID | None) -> None:
        """End one of the caller's sessions. Raises NotFound, ReauthenticationRequired."""
        if session_id != current:
            await self.require_recent(user_id, current)
        if not await self.end(user_id, session_id, EndReason.USER, Action.SESSION_END):
            raise NotFound

    async def end_all_own(self, user_id: UUID, current: UUID | None, *, keep: bool) -> None:
        """End the caller's sessions, or all but the current. Raises ReauthenticationRequired."""
        await self.require_recent(user_id, current)
        await self.end_all(user_id, EndReason.USER, keep=current if keep else None)

    async def end_all(self, user_id: UUID, reason: EndReason, *, keep: UUID | None = None) -> None:
        """End every live session of a user but `keep`."""
        await self.users.share_lock(user_id)
        live = self.sessions.live_of(user_id, self.clock.now())
        for session in await self.sessions.all(live.order_by(col(Session.id)).with_for_update()):
            if session.id != keep:
                self._end(session, reason, Action.SESSION_END)

    async def end_every(self) -> int:
        """After a restore, end the sessions of all users; how many. The caller refuses tokens."""
        return await self.sessions.end_live(self.clock.now(), EndReason.RESTORE)

    async def rename(self, user_id: UUID, session_id: UUID, name: str) -> Session:
        """Name one of the caller's live sessions. Raises NotFound."""
        session = await self.sessions.first(self.sessions.locked(session_id))
        if session is None or session.user_id != user_id or not session.is_live(self.clock.now()):
            raise NotFound
        if session.device_name != name:
            session.device_name = name
            event = Event(Action.SESSION_RENAME, subject_id=user_id, session_id=session.id)
            self.audit.record(event)
        return session

    async def forget_devices(self, user_id: UUID) -> None:
        """Forget from where and with what a user's sessions were opened."""
        await self.sessions.forget_devices(user_id)

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

    async def require_recent(
        self, user_id: UUID, session_id: UUID | None, *, with_factor: bool = False
    ) -> Session:
        """The session, when its user has shown who they are a short time ago.

        Raises ReauthenticationRequired; `with_factor` StepUpRequired without a second factor.
        """
        session = await self.live(user_id, session_id) if session_id is not None else None
        if with_factor and (
            session is None or not session.has_second_factor or self._is_old(session)
        ):
            raise StepUpRequired.within(self.rules.recent)
        if session is None or self._is_old(session):
            raise ReauthenticationRequired
        return session

    async def step_up(self, user_id: UUID, session_id: UUID, method: Method) -> Session | None:
        """Note on a live session that a second factor was shown now; the caller has locked the
        user's row.
        """
        session = await self.sessions.first(self.sessions.locked(session_id))
        if session is None or session.user_id != user_id or not session.is_live(self.clock.now()):
            return None
        session.amr = sorted({*session.amr, method.value, Method.SEVERAL.value})
        session.authenticated_at = self.clock.now()
        return session

    async def newest_live(self, user_id: UUID, page: PageRequest) -> Slice[Session]:
        """A page of a user's live sessions, the newest first."""
        live = self.sessions.live_of(user_id, self.clock.now())
        return await self.pager.cut(
            self.sessions, live, NEWEST, page, purpose=f"sessions:{user_id}"
        )

    async def ended_since(self, moment: datetime) -> Sequence[Session]:
        return await self.sessions.all(self.sessions.ended_since(moment))

    async def _lacks_factor(self, family: Family) -> bool:
        """Whether this session was opened without the second factor that is obligatory by now."""
        user, session, now = family.user, family.session, self.clock.now()
        if session.has_second_factor or not self.factors.may_be_due(user, now):
            return False
        return self.factors.oblige(await self.users.grants_in_force(user.id))

    async def _advance(self, family: Family, successor: str) -> CurrentGrants:
        now, session = self.clock.now(), family.session
        event = Event(Action.REFRESH, subject_id=session.user_id, session_id=session.id)
        idle_expires_at = min(now + self.rules.idle, session.expires_at)
        row = self.audit.row(event)
        grants = await self.statements.advance(family, token_hash(successor), idle_expires_at, row)
        return CurrentGrants.of(grants, row.occurred_at)

    async def _require_repeatable(self, family: Family, successor: str) -> None:
        """Accept a spent token only if it is the previous one, within the window."""
        token, session = family.token, family.session
        current = await self.tokens.first(self.tokens.current_of(session.id))
        spent_at = token.spent_at or session.created_at
        previous = current is not None and current.generation == token.generation + 1
        if not previous or self.clock.now() - spent_at > self.rules.window:
            await self._end_for_reuse(session)
        elif current is None or current.token_hash != token_hash(successor):
            self._refuse(session)  # the derivation key has changed within the window

    def _is_old(self, session: Session) -> bool:
        recent = self.rules.recent
        return bool(recent) and self.clock.now() - session.authenticated_at > recent

    async def _end_for_reuse(self, session: Session) -> NoReturn:
        if self._end(session, EndReason.REUSE, Action.REFRESH_REUSE, EventOutcome.DENIED):
            await self.outbox.session_reused(session.user_id)
        raise RefreshTokenReused

    def _refuse(self, session: Session) -> NoReturn:
        self.audit.record(
            Event(
                Action.REFRESH,
                EventOutcome.FAILURE,
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
        outcome: EventOutcome = EventOutcome.SUCCESS,
    ) -> bool:
        if session.ended_at is not None:
            return False
        session.ended_at = self.clock.now()
        session.end_reason = reason
        self.revocations.session_ended(session.id, session.ended_at)
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
