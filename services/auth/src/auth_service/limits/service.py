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
from auth_service.limits.devices import KnownDevice
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
    client_failure: Policy
    password_check_ip: Policy
    device_letter: Policy
    email_change: Policy


@dataclass(frozen=True, slots=True)
class Source:
    """Where a request about an account comes from."""

    email: str
    ip: str | None
    device: KnownDevice | None


@dataclass(slots=True)
class Limits:
    """Counts in Redis, without it in this process. Every method raises RateLimited."""

    policies: Policies
    shared: SharedLimits
    local: LocalLimits = field(default_factory=LocalLimits)
    _unavailable_until: float = 0.0

    async def login(self, email: str, ip: str | None, device: KnownDevice | None = None) -> None:
        """Count a sign-in against the account, known or not, and the address.

        One of a known device is counted against the device alone.
        """
        by_account, by_address = self.policies.login_account, self.policies.login_ip
        await self._by_account(by_account, by_address, Source(email, ip, device))

    async def login_address(self, ip: str | None) -> None:
        """Count a step of a sign-in that names no account against the address."""
        await self._spend(Spending(self.policies.login_ip, address_account(ip)))

    async def forgot(self, email: str, ip: str | None, device: KnownDevice | None = None) -> None:
        """Count a forgotten password, as a sign-in."""
        by_account, by_address = self.policies.forgot_account, self.policies.forgot_ip
        await self._by_account(by_account, by_address, Source(email, ip, device))

    async def password_check(self, ip: str | None) -> None:
        """Count a question about the policy against the address."""
        await self._spend(Spending(self.policies.password_check_ip, address_account(ip)))

    async def email_change(self, user_id: UUID) -> None:
        """Count a letter that a user has sent to an address of their choice."""
        await self._spend(Spending(self.policies.email_change, str(user_id)))

    async def refresh(self, session_id: UUID) -> None:
        await self._spend(Spending(self.policies.refresh_session, str(session_id)))

    async def has_room_for_device_letter(self, user_id: UUID) -> bool:
        """Count a letter about a new device; whether the user may get it."""
        return await self._denial([Spending(self.policies.device_letter, str(user_id))]) is None

    async def client_token(self, client_id: str) -> None:
        """Count a token request with the client's secret; strangers cannot use up its budget."""
        await self._spend(Spending(self.policies.client_token, text_hash(client_id).hex()))

    async def client_failure(self, client_id: str, ip: str | None) -> None:
        """Count wrong credentials against the client, known or not, at this address."""
        account = f"{text_hash(client_id).hex()}:{address_account(ip)}"
        await self._spend(Spending(self.policies.client_failure, account))

    async def _by_account(self, by_account: Policy, by_address: Policy, source: Source) -> None:
        if source.device is not None:
            await self._spend(Spending(by_account, source.device.counter.hex()))
            return
        await self._spend(
            Spending(by_account, email_hash(source.email).hex()),
            Spending(by_address, address_account(source.ip)),
        )

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
