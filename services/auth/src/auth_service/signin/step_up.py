"""Showing a second factor within a session, for what requires that it was shown just now."""

from dataclasses import dataclass, replace
from uuid import UUID

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.factors.challenges import Challenges, passkey_challenge
from auth_service.factors.errors import ChallengeInvalid, NoFactor
from auth_service.factors.models import FactorKind, Purpose
from auth_service.factors.own import PasskeyOptions
from auth_service.factors.service import Checked, FactorService, Proof
from auth_service.keys.issuer import AccessToken, TokenIssuer
from auth_service.limits.counting import RateLimited
from auth_service.limits.lockout import Lockout
from auth_service.sessions.models import Method
from auth_service.sessions.service import SessionService
from auth_service.token_text import TokenText
from auth_service.users.models import User
from auth_service.users.service import UserService
from common.composition import Units
from common.errors import FieldError, Unauthenticated, ValidationFailed
from common.identity import Principal


@dataclass(frozen=True, slots=True)
class StepUpWork:
    users: UserService
    sessions: SessionService
    factors: FactorService
    challenges: Challenges
    lockout: Lockout
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class SteppingUp:
    """Wrong codes are counted with wrong current passwords: strangers cannot raise that count."""

    units: Units
    issuer: TokenIssuer

    async def begin_passkey(self, principal: Principal) -> PasskeyOptions:
        """Options for one of the caller's passkeys. Raises NoFactor."""
        async with self.units.begin() as unit:
            work = unit.get(StepUpWork)
            user = await work.users.get(principal.require_user())
            if user is None:
                raise Unauthenticated
            passkeys = [
                each for each in await work.factors.of(user.id) if each.kind is FactorKind.PASSKEY
            ]
            if not passkeys:
                raise NoFactor
            text = await work.challenges.issue(
                Purpose.STEP_UP, user, session_id=principal.session_id
            )
            options = work.factors.passkeys.request(passkeys, passkey_challenge(text))
            return PasskeyOptions(text, options)

    async def step_up(self, principal: Principal, proof: Proof, token: str | None) -> AccessToken:
        """An access token that says that a second factor was shown now.

        Raises ValidationFailed for a wrong one, NoFactor, RateLimited, or Unauthenticated when the
        session has ended.
        """
        user_id, session_id = principal.require_user(), principal.session_id
        counter = Lockout.change_counter(user_id)
        async with self.units.begin() as unit:
            work = unit.get(StepUpWork)
            user = await work.users.lock(user_id)
            if user is None or not user.is_active or session_id is None:
                raise Unauthenticated
            # Under the lock: simultaneous guesses would all find the count as it was before them.
            status = await work.lockout.status(counter)
            if status.wait_seconds:
                _record(work, user, session_id, EventOutcome.DENIED, "backing-off")
            else:
                checked = Checked(None, "locked")
                if not status.locked:
                    checked = await self._check(work, user, session_id, proof, token)
                outcome = EventOutcome.SUCCESS if checked.method else EventOutcome.FAILURE
                _record(work, user, session_id, outcome, checked.reason)
                if checked.method is not None:
                    await work.lockout.clear(counter)
                    return await self._stepped_up(work, user, session_id, checked.method)
                await work.lockout.failed(counter)
        if status.wait_seconds:
            raise RateLimited.backing_off(status.wait_seconds)
        field = "passkey" if proof.passkey else "recovery_code" if proof.recovery_code else "code"
        fault = FieldError(field, "factor-wrong", "is not a valid second factor of yours")
        raise ValidationFailed("The second factor is wrong", errors=(fault,))

    async def _check(
        self, work: StepUpWork, user: User, session_id: UUID, proof: Proof, token: str | None
    ) -> Checked:
        """Raises NoFactor, or ValidationFailed for a challenge that is not of this session."""
        if not await work.factors.of(user.id):
            raise NoFactor
        if proof.passkey is not None:
            proof = await self._with_challenge(work, session_id, proof, token or "")
        return await work.factors.check(user, proof)

    async def _with_challenge(
        self, work: StepUpWork, session_id: UUID, proof: Proof, token: str
    ) -> Proof:
        text = TokenText.parse(token)
        found = await work.challenges.find(text, Purpose.STEP_UP, lock=True) if text else None
        if text is None or found is None or found.session_id != session_id:
            fault = FieldError("challenge_token", "challenge-invalid", ChallengeInvalid.title)
            raise ValidationFailed(errors=(fault,))
        await work.challenges.answered(found)
        return replace(proof, challenge=passkey_challenge(text))

    async def _stepped_up(
        self, work: StepUpWork, user: User, session_id: UUID, method: Method
    ) -> AccessToken:
        session = await work.sessions.step_up(user.id, session_id, method)
        if session is None:
            raise Unauthenticated("This session has ended")
        grants = await work.users.current_grants(user.id)
        return self.issuer.for_user(user, session, grants)


def _record(
    work: StepUpWork, user: User, session_id: UUID, outcome: EventOutcome, reason: str | None
) -> None:
    work.audit.record(
        Event(Action.STEP_UP, outcome, reason=reason, subject_id=user.id, session_id=session_id)
    )
