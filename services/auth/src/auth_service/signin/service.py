"""Signing in, refreshing and signing out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from auth_service.audit.models import Action, EventOutcome
from auth_service.audit.service import Event
from auth_service.errors import InvalidCredentials, Maintenance
from auth_service.limits.errors import RateLimited
from auth_service.limits.service import Limits
from auth_service.lockout.service import Account, Standing
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.scheme import Verification
from auth_service.sessions.models import Delivery, EndReason
from auth_service.sessions.service import Device, Tenure
from auth_service.source import Source
from auth_service.tokens.issuer import AccessToken, TokenIssuer
from auth_service.units import Units
from common.identity import Principal, Role

MAINTENANCE_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Attempt:
    """Credentials as somebody typed them, and how the refresh token shall travel."""

    email: str
    password: str
    device_name: str | None = None
    delivery: Delivery = Delivery.BODY


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session and the tokens for it."""

    tenure: Tenure
    access: AccessToken


@dataclass(frozen=True, slots=True)
class SignIn:
    """Passwords are checked between two transactions, so that none waits for a hash.

    Known and unknown addresses go the same way, query for query.
    """

    units: Units
    passwords: PasswordHasher
    issuer: TokenIssuer
    limits: Limits

    async def login(
        self, attempt: Attempt, source: Source, left_over: str | None = None
    ) -> SignedIn:
        """A new session, in place of the one that the refresh token `left_over` is of.

        Raises RateLimited, HashingBusy, or InvalidCredentials for every wrong case alike.
        """
        with self.passwords.place() as place:
            await self._require_within_limits(attempt, source)
            user, standing = await self._account(attempt, source)
            usable = None if standing.locked else _usable_hash(user)
            verified = await place.verify(attempt.password, usable)
        if user is None or not verified.matches:
            reason = "locked" if standing.locked and user is not None else _reason(user)
            await self._record_failure(attempt, user, reason, source)
            raise InvalidCredentials
        if left_over is not None:
            # Before the new one is there: a failure afterwards would leave that to nobody.
            await self._leave(left_over, source)
        return await self._open(user, verified, attempt, source)

    async def refresh(self, refresh_token: str, source: Source) -> SignedIn:
        """The next tokens of a session. Raises RefreshTokenInvalid or RefreshTokenReused."""
        async with self.units.begin(source) as work:
            return self._issue(await work.sessions.rotate(refresh_token), source)

    async def logout(self, tokens: Sequence[str], principal: Principal, source: Source) -> None:
        """End the session of the first token that has one, else that of the caller."""
        async with self.units.begin(source) as work:
            for token in tokens:
                if await work.sessions.end_by_token(token):
                    return
            if principal.user_id is not None and principal.session_id is not None:
                await work.sessions.end(
                    principal.user_id, principal.session_id, EndReason.LOGOUT, Action.LOGOUT
                )

    async def _leave(self, refresh_token: str, source: Source) -> None:
        """End the session of any of its refresh tokens; a token of none is fine."""
        async with self.units.begin(source) as work:
            await work.sessions.end_by_token(refresh_token)

    async def _open(
        self, seen: Account, verified: Verification, attempt: Attempt, source: Source
    ) -> SignedIn:
        device = Device(attempt.delivery, attempt.device_name, source.ip, source.user_agent)
        async with self.units.begin(source) as work:
            # Held alone when the hash is to be replaced: a shared lock cannot be made exclusive
            # without risking a deadlock.
            take = work.users.lock if verified.new_hash else work.users.hold
            user = await take(seen.id)
            if user is not None and user.is_active and user.password_hash == seen.password_hash:
                if verified.new_hash:
                    user.password_hash = verified.new_hash
                return self._issue(await work.sessions.open(user, device), source)
        # Changed or deactivated while the password was being checked.
        await self._record_failure(attempt, seen, _reason(seen), source)
        raise InvalidCredentials

    async def _account(self, attempt: Attempt, source: Source) -> tuple[Account | None, Standing]:
        async with self.units.read(source) as work:
            user, standing = await work.lockout.account(attempt.email)
        if standing.wait_seconds:
            await self._record_denial("backing-off", user, source)
            raise RateLimited.backing_off(standing.wait_seconds)
        return user, standing

    async def _require_within_limits(self, attempt: Attempt, source: Source) -> None:
        try:
            await self.limits.login(attempt.email, source.ip)
        except RateLimited:
            async with self.units.read(source) as work:
                user, _ = await work.lockout.account(attempt.email)
            await self._record_denial("quota-exceeded", user, source)
            raise

    def _issue(self, tenure: Tenure, source: Source) -> SignedIn:
        """The tokens. Raises Maintenance, before anything is committed, for who is closed out."""
        administers = any(grant.role is Role.ADMIN for grant in tenure.grants)
        if source.maintenance is not None and not administers:
            raise Maintenance(source.maintenance, retry_after_seconds=MAINTENANCE_SECONDS)
        access = self.issuer.for_user(tenure.user, tenure.session, tenure.grants)
        return SignedIn(tenure, access)

    async def _record_denial(self, reason: str, user: Account | None, source: Source) -> None:
        async with self.units.begin(source) as work:
            subject = user.id if user is not None else None
            work.audit.record(
                Event(Action.LOGIN, EventOutcome.DENIED, reason=reason, subject_id=subject)
            )

    async def _record_failure(
        self, attempt: Attempt, user: Account | None, reason: str, source: Source
    ) -> None:
        async with self.units.begin(source) as work:
            await work.lockout.failed(attempt.email)
            subject = user.id if user is not None else None
            work.audit.record(
                Event(Action.LOGIN, EventOutcome.FAILURE, reason=reason, subject_id=subject)
            )


def _usable_hash(user: Account | None) -> str | None:
    return user.password_hash if user is not None and user.is_active else None


def _reason(user: Account | None) -> str:
    if user is None:
        return "unknown-account"
    if not user.is_active:
        return "inactive"
    return "wrong-password" if user.password_hash else "no-password"
