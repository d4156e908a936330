"""Accounts that are not used: warned by a letter, deactivated, and anonymised after retention."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from auth_service.administration.anonymising import Anonymising
from auth_service.administration.repository import AccountUse
from auth_service.mail.outbox import Outbox
from auth_service.sessions.models import EndReason
from auth_service.sessions.service import SessionService
from auth_service.users.administrators import Administrators
from auth_service.users.models import User
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService
from common.clock import Clock
from common.composition import Units
from common.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DormancyRules:
    """After how long without use an account is deactivated, how long before that its user is
    warned, and after how long a deactivated account is anonymised. Zero `unused` or `retention`
    means never.
    """

    unused: timedelta = timedelta(0)
    warning: timedelta = timedelta(0)
    retention: timedelta = timedelta(0)

    @property
    def unused_until_warning(self) -> timedelta:
        return max(self.unused - self.warning, timedelta(0))


@dataclass(frozen=True, slots=True)
class DormancyWork:
    """What the transaction about one account needs."""

    users: UserService
    use: AccountUse
    administrators: Administrators
    sessions: SessionService
    password_tokens: PasswordTokens
    outbox: Outbox
    anonymising: Anonymising


@dataclass(frozen=True, slots=True)
class Dormancy:
    """Each account in its own transaction; any number of replicas may do so at the same time."""

    units: Units
    rules: DormancyRules
    clock: Clock

    async def run(self) -> None:
        """Warn, deactivate and anonymise whose time has come."""
        counts = {"warned": 0, "deactivated": 0, "anonymised": 0}
        now, rules = self.clock.now(), self.rules
        async with self.units.begin() as unit:
            due = await unit.get(AccountUse).to_review(
                now - rules.unused_until_warning if rules.unused else None,
                now - rules.retention if rules.retention else None,
            )
        for user_id in due:
            async with self.units.begin() as unit:
                step = await self._step(unit.get(DormancyWork), user_id)
            if step is not None:
                counts[step] += 1
        if any(counts.values()):
            log.info("dormant_accounts", **counts)

    async def _step(self, work: DormancyWork, user_id: UUID) -> str | None:
        await work.administrators.lock()
        user = await work.users.lock(user_id)
        if user is None:
            return None
        if not user.is_active:
            return await self._anonymise(work, user)
        now = self.clock.now()
        last_used = await work.use.last_used(user.id)
        if not self.rules.unused or now - last_used < self.rules.unused_until_warning:
            user.dormant_at = None
        elif not await work.administrators.remain_without(user):
            return None
        elif user.dormant_at is None:
            return await self._warn(work, user)
        elif user.dormant_at <= now:
            return await self._deactivate(work, user)
        return None

    async def _warn(self, work: DormancyWork, user: User) -> str:
        user.dormant_at = self.clock.now() + min(self.rules.warning, self.rules.unused)
        await work.outbox.dormant(user.id, user.dormant_at)
        return "warned"

    async def _deactivate(self, work: DormancyWork, user: User) -> str:
        work.users.set_active(user, active=False, reason="dormant")
        await work.sessions.end_all(user.id, EndReason.DEACTIVATION)
        await work.password_tokens.discard(user.id)
        return "deactivated"

    async def _anonymise(self, work: DormancyWork, user: User) -> str | None:
        retention, inactive = self.rules.retention, self.clock.now() - user.active_changed_at
        if not retention or user.anonymised_at is not None or inactive < retention:
            return None
        await work.anonymising.forget(user)
        return "anonymised"
