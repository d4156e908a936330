"""The second step of a sign-in, and signing in by a passkey alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.factors.challenges import Challenges, passkey_challenge
from auth_service.factors.errors import ChallengeInvalid, FactorRefused
from auth_service.factors.models import Challenge, Purpose
from auth_service.factors.own import PasskeyOptions
from auth_service.factors.service import Checked, FactorService, NewApp, Proof
from auth_service.fields import email_hash
from auth_service.limits.counting import RateLimited
from auth_service.limits.devices import Devices, KnownDevice
from auth_service.limits.lockout import Lockout
from auth_service.limits.service import Limits
from auth_service.mail.outbox import Outbox
from auth_service.sessions.models import Delivery, EndReason, Method
from auth_service.sessions.opening import Device
from auth_service.sessions.service import SessionService
from auth_service.signin.gate import FactorGate
from auth_service.signin.issuing import SessionTokens, SignedIn
from auth_service.token_text import TokenText
from auth_service.units import RequestOrigin
from auth_service.users.models import User
from auth_service.users.service import UserService
from common.composition import Units

SIGN_INS: Final = (Purpose.SIGN_IN, Purpose.PASSKEY_SIGN_IN)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client sends to finish a sign-in; `devices` are tokens of devices known before,
    `previous` is the refresh token of the session that it has so far.
    """

    token: str = field(repr=False)
    proof: Proof
    devices: Sequence[str] = field(default=(), repr=False)
    previous: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Presented:
    """Whose sign-in an answer would finish, and what its failures are counted under."""

    text: TokenText
    user_id: UUID
    email: str
    alone: bool
    proof: Proof
    previous: str | None = field(default=None, repr=False)
    counter: bytes = b""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class SecondStepWork:
    users: UserService
    sessions: SessionService
    factors: FactorService
    challenges: Challenges
    gate: FactorGate
    lockout: Lockout
    outbox: Outbox
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Wrong codes count as wrong passwords do, for the account or the known device."""

    units: Units
    tokens: SessionTokens
    limits: Limits
    devices: Devices
    origin: RequestOrigin

    async def begin_passkey(self, delivery: Delivery, device_name: str | None) -> PasskeyOptions:
        """Options for a passkey of any account: the browser offers those that it has."""
        async with self.units.begin() as unit:
            work = unit.get(SecondStepWork)
            text = await work.challenges.issue(
                Purpose.PASSKEY_SIGN_IN, delivery=delivery, device_name=device_name
            )
            challenge = passkey_challenge(text)
            return PasskeyOptions(text, work.factors.passkeys.request([], challenge, alone=True))

    async def begin_enrolment(self, token: str) -> NewApp:
        """A secret for a user who must set up a factor to sign in. Raises ChallengeInvalid."""
        text = TokenText.parse(token)
        async with self.units.begin() as unit:
            work = unit.get(SecondStepWork)
            seen = await work.challenges.find(text, Purpose.SIGN_IN) if text else None
            user = await work.users.lock(seen.user_id) if seen and seen.user_id else None
            if seen is None or user is None or not _holds(seen, user):
                raise ChallengeInvalid
            if await work.factors.of(user.id) or not await work.gate.must_enrol(user):
                raise ChallengeInvalid
            return await work.factors.begin_app(user, "Authenticator app")

    async def complete(self, answer: Answer) -> SignedIn:
        """A new session, in place of the previous one of the device.

        Raises ChallengeInvalid, FactorRefused or RateLimited.
        """
        presented = await self._presented(answer)
        device = self.devices.find(answer.devices, presented.email)
        counter = device.counter if device is not None else email_hash(presented.email)
        presented = replace(presented, counter=counter, is_known=device is not None)
        locked = False
        if not presented.alone:
            # A passkey cannot be guessed: strangers who guess at the password do not stop it.
            await self._require_within_limits(presented, device)
            locked = await self._require_no_backoff(presented)
        async with self.units.begin() as unit:
            signed_in = await self._finish(unit.get(SecondStepWork), presented, locked=locked)
        if signed_in is None:
            raise FactorRefused
        known = device or self.devices.new(presented.email)
        return replace(signed_in, device=known.token)

    async def _presented(self, answer: Answer) -> Presented:
        text = TokenText.parse(answer.token)
        if text is None:
            raise ChallengeInvalid
        async with self.units.begin() as unit:
            work = unit.get(SecondStepWork)
            challenge = await work.challenges.find(text, *SIGN_INS)
            if challenge is None:
                raise ChallengeInvalid
            alone, user_id = challenge.purpose is Purpose.PASSKEY_SIGN_IN, challenge.user_id
            if alone and answer.proof.passkey is not None:
                user_id = await work.factors.owner_of(answer.proof.passkey)
            user = await work.users.get(user_id) if user_id is not None else None
        if user is None:
            raise FactorRefused
        proof = replace(answer.proof, challenge=passkey_challenge(text), alone=alone)
        return Presented(text, user.id, user.email, alone, proof, answer.previous)

    async def _require_within_limits(
        self, presented: Presented, device: KnownDevice | None
    ) -> None:
        try:
            await self.limits.login(presented.email, self.origin.ip, device)
        except RateLimited:
            await self._record_denial("quota-exceeded", presented)
            raise

    async def _require_no_backoff(self, presented: Presented) -> bool:
        """Whether the account is locked. Raises RateLimited during the back-off."""
        async with self.units.begin() as unit:
            status = await unit.get(Lockout).status(presented.counter)
        if status.wait_seconds:
            await self._record_denial("backing-off", presented)
            raise RateLimited.backing_off(status.wait_seconds)
        return status.locked

    async def _record_denial(self, reason: str, presented: Presented) -> None:
        event = Event(
            Action.LOGIN, EventOutcome.DENIED, reason=reason, subject_id=presented.user_id
        )
        async with self.units.begin() as unit:
            unit.get(AuditLog).record(event)

    async def _finish(
        self, work: SecondStepWork, presented: Presented, *, locked: bool
    ) -> SignedIn | None:
        user = await work.users.lock(presented.user_id)
        challenge = await work.challenges.find(presented.text, *SIGN_INS, lock=True)
        if user is None or challenge is None or not _holds(challenge, user):
            raise ChallengeInvalid
        checked, recovery_codes = Checked(None, "locked"), tuple[str, ...]()
        if not locked and await self._enrols(work, user, presented):
            added = await work.factors.confirm_app(user, presented.proof.code or "")
            checked = Checked(Method.ONE_TIME_CODE if added else None, "code-wrong")
            recovery_codes = added.recovery_codes if added else ()
            if added:
                await work.sessions.end_all(user.id, EndReason.FACTOR)
        elif not locked:
            checked = await work.factors.check(user, presented.proof)
        if checked.method is None:
            await self._count(work, user, challenge, presented, checked)
            return None
        await work.challenges.answered(challenge)
        first = () if presented.alone else (challenge.method,)
        device = Device(
            challenge.delivery,
            challenge.device_name,
            self.origin.ip,
            self.origin.user_agent,
            presented.counter,
            (*first, checked.method, Method.SEVERAL),
            presented.previous,
            is_known=presented.is_known,
            session_id=challenge.session_id,
        )
        signed_in = self.tokens.issue(await work.sessions.open(user, device))
        return replace(signed_in, recovery_codes=recovery_codes)

    async def _enrols(self, work: SecondStepWork, user: User, presented: Presented) -> bool:
        """Whether the code is of an app that is being set up, since the user has no factor."""
        if presented.alone or await work.factors.of(user.id):
            return False
        if not await work.gate.must_enrol(user):
            raise ChallengeInvalid  # the factor that it was for was removed
        return True

    async def _count(
        self,
        work: SecondStepWork,
        user: User,
        challenge: Challenge,
        presented: Presented,
        checked: Checked,
    ) -> None:
        challenge.tries += 1
        # A passkey alone is not limited above, so that strangers could raise the count by it.
        if not presented.alone and await work.lockout.failed(presented.counter):
            await work.outbox.locked(user.email)
        work.audit.record(
            Event(Action.LOGIN, EventOutcome.FAILURE, reason=checked.reason, subject_id=user.id)
        )


def _holds(challenge: Challenge, user: User) -> bool:
    """Whether the password that a sign-in began with is still the user's."""
    if not user.is_active:
        return False
    if challenge.purpose is Purpose.PASSKEY_SIGN_IN:
        return True
    same_user = challenge.user_id == user.id
    return same_user and challenge.password_changed_at == user.password_changed_at
