"""Signing in through a directory: to it, back from it, and the exchange for tokens."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.fields import email_hash
from auth_service.limits.devices import Devices
from auth_service.limits.service import Limits
from auth_service.oidc.accounts import DirectoryAccounts
from auth_service.oidc.directory import Directory
from auth_service.oidc.errors import (
    ReturnUrlRefused,
    SignInCancelled,
    SignInCodeInvalid,
    SignInRefused,
)
from auth_service.oidc.facts import Facts
from auth_service.oidc.models import DirectorySession, SignInCode
from auth_service.oidc.repository import (
    DirectorySessionRepository,
    SignInCodeRepository,
    UsedStates,
)
from auth_service.oidc.state import PendingSignIn, StateCookies
from auth_service.sessions.models import Delivery, Method
from auth_service.sessions.opening import Device
from auth_service.sessions.service import SessionService
from auth_service.signin.gate import FactorGate
from auth_service.signin.issuing import SessionTokens, SignedIn
from auth_service.token_text import TokenText
from auth_service.units import RequestOrigin
from auth_service.users.identities import IdentityRepository
from auth_service.users.service import UserService
from common.clock import Clock
from common.composition import Units
from common.errors import NotFound
from common.ids import uuid7

CODE_LIFETIME: Final = timedelta(minutes=2)
DENIED: Final = "access_denied"
# What the frontend hears of a sign-in that this browser has not begun, or that ended before.
STATE_INVALID: Final = "sign-in-state-invalid"


@dataclass(frozen=True, slots=True)
class Directories:
    """The directories of the settings; `public_url` is where they send browsers back to."""

    all: Sequence[Directory]
    public_url: str
    return_urls: Sequence[str]

    def named(self, provider_id: str) -> Directory:
        """Raises NotFound."""
        for directory in self.all:
            if directory.provider.id == provider_id:
                return directory
        raise NotFound

    def callback_url(self, directory: Directory) -> str:
        """Another path for each, so that none answers for another (RFC 9700, 4.4.2)."""
        return f"{self.public_url}/api/v1/auth/oidc/{directory.provider.id}/callback"

    def start_url(self, directory: Directory) -> str:
        """On the host of the callback address: the sign-in under way is in a cookie of that."""
        return f"{self.public_url}/api/v1/auth/oidc/{directory.provider.id}/start"

    def return_url(self, given: str | None) -> str:
        """Where a sign-in is to end, letter for letter. Raises ReturnUrlRefused."""
        if given is None and len(self.return_urls) == 1:
            return self.return_urls[0]
        if given is None or given not in self.return_urls:
            raise ReturnUrlRefused
        return given


@dataclass(frozen=True, slots=True)
class Answer:
    """What a directory's answer says, unverified."""

    state: str = field(repr=False)
    code: str | None = field(default=None, repr=False)
    issuer: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a frontend sends for its tokens; `devices` are tokens of devices known before."""

    code: str = field(repr=False)
    code_verifier: str = field(repr=False)
    delivery: Delivery
    device_name: str | None = None
    devices: Iterable[str] = field(default=(), repr=False)
    previous: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class DirectoryWork:
    """What the transactions of a sign-in need."""

    accounts: DirectoryAccounts
    identities: IdentityRepository
    codes: SignInCodeRepository
    began_there: DirectorySessionRepository
    states: UsedStates
    users: UserService
    sessions: SessionService
    gate: FactorGate
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class DirectorySignIn:
    """The directory is asked between two transactions, so that none waits for it."""

    units: Units
    directories: Directories
    cookies: StateCookies
    tokens: SessionTokens
    limits: Limits
    devices: Devices
    origin: RequestOrigin
    clock: Clock

    async def begin(self, pending: PendingSignIn) -> str:
        """Where the browser goes: to the directory, or back while that is unavailable."""
        directory = self.directories.named(pending.provider)
        try:
            return await directory.sign_in_url(pending, self.directories.callback_url(directory))
        except SignInRefused as refused:
            return _returning(pending, error=refused.code)

    async def end(self, provider: str, pending: PendingSignIn | None, answer: Answer) -> str:
        """Where the browser goes with a code for the frontend, or with the code of an error.

        Raises NotFound, RateLimited.
        """
        directory = self.directories.named(provider)
        await self.limits.login_address(self.origin.ip)
        if pending is None:
            # Which of the frontends has begun it is not known.
            return at_page(self.directories.return_urls[0], error=STATE_INVALID)
        if not await self._use(pending):
            return _returning(pending, error=STATE_INVALID)
        try:
            facts = await self._facts(directory, pending, answer)
            code = await self._code(directory, pending, facts)
        except SignInRefused as refused:
            await self._record_failure(directory, refused)
            return _returning(pending, error=refused.code)
        return _returning(pending, code=code)

    async def exchange(self, given: Exchange) -> SignedIn:
        """A new session for a code and the secret of the frontend that has begun the sign-in.

        Raises SignInCodeInvalid, RateLimited, FactorRequired, FactorEnrolmentRequired.
        """
        await self.limits.login_address(self.origin.ip)
        text = TokenText.parse(given.code)
        async with self.units.begin() as unit:
            work = unit.get(DirectoryWork)
            row = await work.codes.get(text.token_id, lock=True) if text is not None else None
            if row is None or text is None or not text.matches(row.secret_hash):
                raise SignInCodeInvalid
            await work.codes.delete(row)  # also by a wrong secret: there is one try
            if not self._holds(row, given.code_verifier):
                raise SignInCodeInvalid
            return await self._open(work, row, given)

    async def _use(self, pending: PendingSignIn) -> bool:
        """Whether this is the first time that it comes back."""
        expires_at = self.clock.now() + timedelta(days=1)
        async with self.units.begin() as unit:
            return await unit.get(UsedStates).use(pending.state_hash, expires_at)

    async def _facts(self, directory: Directory, pending: PendingSignIn, answer: Answer) -> Facts:
        await directory.require_issuer(answer.issuer)
        if answer.error is not None:
            kind = SignInCancelled if answer.error == DENIED else SignInRefused
            raise kind("directory-error")
        if answer.code is None:
            raise SignInRefused("no-code")
        redirect_uri = self.directories.callback_url(directory)
        return await directory.facts(answer.code, pending, redirect_uri, self.clock.now())

    async def _code(self, directory: Directory, pending: PendingSignIn, facts: Facts) -> str:
        now, text = self.clock.now(), TokenText.generate(uuid7())
        async with self.units.begin() as unit:
            work = unit.get(DirectoryWork)
            identity = await work.accounts.sign_in(directory.provider, facts)
            await work.codes.add(
                SignInCode(
                    id=text.token_id,
                    secret_hash=text.secret_hash,
                    code_challenge=pending.code_challenge,
                    identity_id=identity.id,
                    sid=facts.sid,
                    factor_shown=facts.factor_shown,
                    # A directory may remember a user for days.
                    authenticated_at=min(facts.authenticated_at or now, now),
                    created_at=now,
                    expires_at=now + CODE_LIFETIME,
                )
            )
        return text.text

    def _holds(self, row: SignInCode, verifier: str) -> bool:
        challenge: str = create_s256_code_challenge(verifier)
        same = hmac.compare_digest(challenge.encode(), row.code_challenge.encode())
        return same and row.expires_at > self.clock.now()

    async def _open(self, work: DirectoryWork, row: SignInCode, given: Exchange) -> SignedIn:
        identity = await work.identities.get(row.identity_id)
        user = await work.users.lock(identity.user_id) if identity is not None else None
        if user is None or not user.is_active:
            raise SignInCodeInvalid
        session_id, now = uuid7(), self.clock.now()
        began_there = DirectorySession(
            session_id=session_id, identity_id=row.identity_id, sid=row.sid, created_at=now
        )
        await work.began_there.add(began_there)
        if not row.factor_shown:
            wanted = await work.gate.wanted(
                user, given.delivery, given.device_name, Method.DIRECTORY, session_id
            )
            if wanted is not None:
                raise wanted
        known = self.devices.find(given.devices, user.email)
        device = known or self.devices.new(user.email)
        shown = (Method.SEVERAL,) if row.factor_shown else ()
        opening = Device(
            given.delivery,
            given.device_name,
            self.origin.ip,
            self.origin.user_agent,
            email_hash(user.email),
            (Method.DIRECTORY, *shown),
            given.previous,
            row.authenticated_at,
            is_known=known is not None,
            session_id=session_id,
        )
        signed_in = self.tokens.issue(await work.sessions.open(user, opening))
        return replace(signed_in, device=device.token)

    async def _record_failure(self, directory: Directory, refused: SignInRefused) -> None:
        details = {"method": Method.DIRECTORY.value, "provider": directory.provider.id}
        failure = EventOutcome.FAILURE
        event = Event(
            Action.LOGIN,
            failure,
            reason=refused.reason,
            subject_id=refused.subject_id,
            details=details,
        )
        async with self.units.begin() as unit:
            unit.get(AuditLog).record(event)


def _returning(pending: PendingSignIn, **parameters: str) -> str:
    return at_page(pending.return_to, **parameters)


def at_page(page: str, **parameters: str) -> str:
    """A frontend's page; what follows # stays out of every log."""
    return f"{page}#{urlencode(parameters)}"
