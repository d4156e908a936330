"""Signing in, refreshing and signing out."""

from collections.abc import Sequence
from dataclasses import dataclass

from auth_service.audit.models import Action, Outcome
from auth_service.audit.service import Event
from auth_service.errors import InvalidCredentials
from auth_service.passwords.hashing import PasswordHasher, Verification
from auth_service.sessions.models import Delivery, EndReason
from auth_service.sessions.service import Device, Tenure
from auth_service.source import Source
from auth_service.tokens.issuer import AccessToken, TokenIssuer
from auth_service.units import Units, Work
from auth_service.users.models import User, UserGrant
from common.identity import Principal


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
    grants: Sequence[UserGrant]
    access: AccessToken


@dataclass(frozen=True, slots=True)
class SignIn:
    """Passwords are checked between two transactions, so that none waits for a hash."""

    units: Units
    passwords: PasswordHasher
    issuer: TokenIssuer

    async def login(self, attempt: Attempt, source: Source) -> SignedIn:
        """A new session. Raises InvalidCredentials alike for every wrong case."""
        async with self.units.begin(source) as work:
            user = await work.users.by_email(attempt.email)
        usable = user.password_hash if user is not None and user.is_active else None
        verified = await self.passwords.verify(attempt.password, usable)
        if user is None or not verified.matches:
            await self._record_failure(user, source)
            raise InvalidCredentials
        return await self._open(user, verified, attempt, source)

    async def refresh(self, refresh_token: str, source: Source) -> SignedIn:
        """The next tokens of a session. Raises RefreshTokenInvalid or RefreshTokenReused."""
        async with self.units.begin(source) as work:
            return await self._issue(work, await work.sessions.rotate(refresh_token))

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

    async def _open(
        self, seen: User, verified: Verification, attempt: Attempt, source: Source
    ) -> SignedIn:
        device = Device(attempt.delivery, attempt.device_name, source.ip, source.user_agent)
        async with self.units.begin(source) as work:
            # Held alone when the hash is to be replaced: a shared lock cannot be made exclusive
            # without risking a deadlock.
            take = work.users.lock if verified.new_hash else work.users.hold
            user = await take(seen.id)
            if user is not None and user.is_active and user.password_hash == seen.password_hash:
                user.password_hash = verified.new_hash or user.password_hash
                tenure = await work.sessions.open(user, device)
                work.audit.record(
                    Event(
                        Action.LOGIN,
                        actor_id=user.id,
                        subject_id=user.id,
                        session_id=tenure.session.id,
                    )
                )
                return await self._issue(work, tenure)
        # Changed or deactivated while the password was being checked.
        await self._record_failure(seen, source)
        raise InvalidCredentials

    async def _issue(self, work: Work, tenure: Tenure) -> SignedIn:
        grants = await work.users.grants_in_force(tenure.user.id)
        access = self.issuer.for_user(tenure.user, tenure.session, grants)
        return SignedIn(tenure, grants, access)

    async def _record_failure(self, user: User | None, source: Source) -> None:
        async with self.units.begin(source) as work:
            work.audit.record(
                Event(
                    Action.LOGIN,
                    Outcome.FAILURE,
                    reason=_reason(user),
                    subject_id=user.id if user is not None else None,
                )
            )


def _reason(user: User | None) -> str:
    if user is None:
        return "unknown-account"
    if not user.is_active:
        return "inactive"
    return "wrong-password" if user.password_hash else "no-password"
