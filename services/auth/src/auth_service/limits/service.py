"""Counts attempts against the limits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final
from uuid import UUID

from redis.exceptions import RedisError

from auth_service.fields import email_hash, text_hash
from auth_service.limits.counting import (
    Denial,
    LocalLimits,
    Policy,
    RateLimited,
    SharedLimits,
    Spending,
    address_account,
)
from common.logs import get_logger

# A Redis that hangs delays one sign-in by its timeout, not every one.
PAUSE_SECONDS: Final = 1.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Policies:
    login_account: Policy
    login_ip: Policy
    forgot_account: Policy
    forgot_ip: Policy
    refresh_session: Policy
    client_token: Policy


@dataclass(slots=True)
class Limits:
    """Counts in Redis, without it in this process. Every method raises RateLimited."""

    policies: Policies
    shared: SharedLimits
    local: LocalLimits = field(default_factory=LocalLimits)
    _unavailable_until: float = 0.0

    async def login(self, email: str, ip: str | None) -> None:
        """Count a sign-in against the account, known or not, and the address."""
        policies, account = self.policies, email_hash(email).hex()
        await self._spend(
            Spending(policies.login_account, account),
            Spending(policies.login_ip, address_account(ip)),
        )

    async def forgot(self, email: str, ip: str | None) -> None:
        """Count a forgotten password against the account, known or not, and the address."""
        policies, account = self.policies, email_hash(email).hex()
        await self._spend(
            Spending(policies.forgot_account, account),
            Spending(policies.forgot_ip, address_account(ip)),
        )

    async def refresh(self, session_id: UUID) -> None:
        await self._spend(Spending(self.policies.refresh_session, str(session_id)))

    async def client_token(self, client_id: str) -> None:
        """Count a token request against the client, known or not."""
        await self._spend(Spending(self.policies.client_token, text_hash(client_id).hex()))

    async def _spend(self, *spendings: Spending) -> None:
        if (denial := await self._denial(spendings)) is not None:
            raise RateLimited.of(denial)

    async def _denial(self, spendings: Sequence[Spending]) -> Denial | None:
        if monotonic() >= self._unavailable_until:
            try:
                return await self.shared.spend(spendings)
            except (RedisError, OSError) as error:
                log.warning("redis_unavailable", error=type(error).__name__)
                self._unavailable_until = monotonic() + PAUSE_SECONDS
        return self.local.spend(spendings)
