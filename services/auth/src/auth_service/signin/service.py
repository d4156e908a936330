"""Signing in, refreshing and signing out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.errors import InvalidCredentials
from auth_service.fields import email_hash
from auth_service.limits.counting import RateLimited
from auth_service.limits.devices import Devices, KnownDevice
from auth_service.limits.even_refusals import refusing_evenly
from auth_service.limits.lockout import Account, Lockout, LockoutStatus
from auth_service.limits.service import Limits
from auth_service.mail.outbox import Outbox
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.scheme import Verification
from auth_service.sessions.models import Delivery, EndReason
from auth_service.sessions.opening import Device
from auth_service.sessions.service import SessionService
from auth_service.signin.code_step import CodeStep
from auth_service.signin.gate import FactorGate
from auth_service.signin.issuing import SessionTokens, SignedIn
from auth_service.units import RequestOrigin
from auth_service.users.service import UserService
from common.composition import Units
from common.identity import Principal


@dataclass(frozen=True, slots=True)
class Attempt:
    """The presented credentials, and how the refresh token is to be sent.

    `devices` are tokens of devices that have signed in before.
    """

    email: str
    password: str
    device_name: str | None = None
    delivery: Delivery = Delivery.BODY
    devices: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SignInWork:
    """What the transaction that opens a session needs."""

    users: UserService
    sessions: SessionService
    gate: FactorGate


@dataclass(frozen=True, slots=True)
class SignIn:
    """Passwords are checked between two transactions, so that none waits for a hash.

    Known and unknown addresses cause the same queries.
    """

    units: Units
    passwords: PasswordHasher
    codes: CodeStep
    tokens: SessionTokens
    limits: Limits
    devices: Devices
    origin: RequestOrigin

    async def login(self, attempt: Attempt, previous: str | None = None) -> SignedIn:
        """A new session; the one of the refresh token `previous` is ended.

        Raises RateLimited, HashingBusy, or InvalidCredentials whatever is wrong. Only a right
        password shows whether a second factor is wanted: FactorRequired, FactorEnrolmentRequired.
        A printed code in its place: PasswordChangeRequired.
        """
        async with refusing_evenly(InvalidCredentials, RateLimited):
            return await self._login(attempt, previous)

    async def _login(self, attempt: Attempt, previous: str | None) -> SignedIn:
        await self.codes.refuse_code(attempt.email, attempt.password)
        device = self.devices.find(attempt.devices, attempt.email)
        counter = device.counter if device is not None else email_hash(attempt.email)
        with self.passwords.reserve() as place:
            await self._require_within_limits(attempt, device)
            user, status = await self._account(attempt, counter)
            usable = None if status.locked else _usable_hash(user)
            verified = await place.verify(attempt.password, usable)
        if user is None or not verified.matches:
            reason = "locked" if status.locked and user is not None else _reason(user)
            await self._record_failure(attempt, user, reason, counter)
            raise InvalidCredentials
        known = device or self.devices.new(attempt.email)
        origin = self.origin
        opening = Device(
            attempt.delivery,
            attempt.device_name,
            origin.ip,
            origin.user_agent,
            counter,
            previous=previous,
            is_known=device is not None,
        )
        signed_in = await self._open(user, verified, attempt, opening)
        return replace(signed_in, device=known.token)

    async def refresh(self, refresh_token: str) -> SignedIn:
        """The next tokens of a session. Raises RefreshTokenInvalid or RefreshTokenReused."""
        async with self.units.begin() as unit:
            return self.tokens.issue(await unit.get(SessionService).rotate(refresh_token))

    async def logout(self, tokens: Sequence[str], principal: Principal) -> None:
        """End the session of the first token that has one, else that of the caller."""
        async with self.units.begin() as unit:
            sessions = unit.get(SessionService)
            for token in tokens:
                if await sessions.end_by_token(token):
                    return
            if principal.user_id is not None and principal.session_id is not None:
                await sessions.end(
                    principal.user_id, principal.session_id, EndReason.LOGOUT, Action.LOGOUT
                )

    async def _open(
        self, seen: Account, verified: Verification, attempt: Attempt, device: Device
    ) -> SignedIn:
        async with self.units.begin() as unit:
            work = unit.get(SignInWork)
            user = await work.users.lock(seen.id)
            # Not by its hash: another sign-in may just have replaced that by one of today's cost.
            unchanged = user is not None and user.password_changed_at == seen.password_changed_at
            if user is not None and user.is_active and unchanged:
                if verified.new_hash:
                    user.password_hash = verified.new_hash
                wanted = await work.gate.wanted(user, attempt.delivery, attempt.device_name)
                if wanted is not None:
                    raise wanted
                return self.tokens.issue(await work.sessions.open(user, device))
        # Changed or deactivated while the password was being checked.
        await self._record_failure(attempt, seen, _reason(seen), device.counter)
        raise InvalidCredentials

    async def _account(
        self, attempt: Attempt, counter: bytes
    ) -> tuple[Account | None, LockoutStatus]:
        async with self.units.query() as unit:
            user, status = await unit.get(Lockout).account(attempt.email, counter)
        if status.wait_seconds:
            await self._record_denial("backing-off", user)
            raise RateLimited.backing_off(status.wait_seconds)
        return user, status

    async def _require_within_limits(self, attempt: Attempt, device: KnownDevice | None) -> None:
        email = attempt.email
        try:
            await self.limits.login(email, self.origin.ip, device)
        except RateLimited:
            async with self.units.query() as unit:
                user, _ = await unit.get(Lockout).account(email, email_hash(email))
            await self._record_denial("quota-exceeded", user)
            raise

    async def _record_denial(self, reason: str, user: Account | None) -> None:
        async with self.units.begin() as unit:
            unit.get(AuditLog).record(_event(EventOutcome.DENIED, reason, user))

    async def _record_failure(
        self, attempt: Attempt, user: Account | None, reason: str, counter: bytes
    ) -> None:
        async with self.units.begin() as unit:
            if await unit.get(Lockout).failed(counter):
                # By address, known or not: an unknown one is to cost the same.
                await unit.get(Outbox).locked(attempt.email)
            unit.get(AuditLog).record(_event(EventOutcome.FAILURE, reason, user))


def _event(outcome: EventOutcome, reason: str, user: Account | None) -> Event:
    return Event(
        Action.LOGIN, outcome, reason=reason, subject_id=user.id if user is not None else None
    )


def _usable_hash(user: Account | None) -> str | None:
    return user.password_hash if user is not None and user.is_active else None


def _reason(user: Account | None) -> str:
    if user is None:
        return "unknown-account"
    if not user.is_active:
        return "inactive"
    return "wrong-password" if user.password_hash else "no-password"
