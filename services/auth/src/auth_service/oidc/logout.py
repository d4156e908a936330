"""A directory has signed a user out: the sessions that began there end here too."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.factors.challenges import Challenges
from auth_service.oidc.directory import Directory
from auth_service.oidc.errors import SignInRefused
from auth_service.oidc.logout_tokens import LONGEST_SECONDS, LoggedOut
from auth_service.oidc.repository import (
    DirectorySessionRepository,
    SignInCodeRepository,
    UsedStates,
)
from auth_service.oidc.service import Directories
from auth_service.sessions.models import EndReason
from auth_service.sessions.service import SessionService
from auth_service.users.service import UserService
from common.clock import Clock
from common.composition import Units

# Longer than any token is accepted, on both sides of its time.
REMEMBERED: Final = timedelta(seconds=3 * LONGEST_SECONDS)


@dataclass(frozen=True, slots=True)
class LogoutWork:
    """What the transaction of a logout needs."""

    began_there: DirectorySessionRepository
    codes: SignInCodeRepository
    challenges: Challenges
    states: UsedStates
    users: UserService
    sessions: SessionService
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class DirectoryLogout:
    """The directory's keys are asked for before the transaction, so that none waits for them."""

    units: Units
    directories: Directories
    clock: Clock

    async def end(self, provider_id: str, token: str) -> None:
        """End what a logout token names. Raises NotFound, SignInRefused for an invalid token."""
        directory = self.directories.named(provider_id)
        try:
            logged_out = await directory.logged_out(token, self.clock.now())
            async with self.units.begin() as unit:
                await self._end(unit.get(LogoutWork), directory, logged_out)
        except SignInRefused as refused:
            async with self.units.begin() as unit:
                _record(unit.get(AuditLog), directory, EventOutcome.FAILURE, refused.reason)
            raise

    async def _end(self, work: LogoutWork, directory: Directory, logged_out: LoggedOut) -> None:
        issuer = directory.provider.issuer
        token = f"logout\x00{issuer}\x00{logged_out.token_id}".encode()
        expires_at = self.clock.now() + REMEMBERED
        if not await work.states.use(hashlib.sha256(token).digest(), expires_at):
            raise SignInRefused("logout-token-used")
        # In the order in which an exchange takes its locks: the code, the user, the session.
        for code in await work.codes.all(work.codes.of(issuer, logged_out)):
            await work.codes.delete(code)
        for user_id in await work.began_there.users(issuer, logged_out):
            await work.users.lock(user_id)
            # Under the lock: an exchange may have been under way.
            found = await work.began_there.all(work.began_there.of(issuer, logged_out, user_id))
            await work.challenges.discard_of_sessions([each.session_id for each in found])
            for each in found:
                await work.sessions.end(user_id, each.session_id, EndReason.LOGOUT, Action.LOGOUT)
            _record(work.audit, directory, subject_id=user_id)


def _record(
    audit: AuditLog,
    directory: Directory,
    outcome: EventOutcome = EventOutcome.SUCCESS,
    reason: str | None = None,
    subject_id: UUID | None = None,
) -> None:
    action, details = Action.DIRECTORY_LOGOUT, {"provider": directory.provider.id}
    audit.record(Event(action, outcome, reason=reason, subject_id=subject_id, details=details))
