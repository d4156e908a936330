"""The second factors of the signed-in user.

A stolen session must not be enough to add or remove a factor: without one this requires a recent
sign-in, with one that it was shown a short time ago.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from auth_service.factors.challenges import Challenges, passkey_challenge
from auth_service.factors.errors import ChallengeInvalid, FactorObligatory
from auth_service.factors.models import Factor, Purpose
from auth_service.factors.passkeys import Options
from auth_service.factors.service import Added, FactorService, NewApp
from auth_service.sessions.models import EndReason, Method
from auth_service.sessions.service import SessionService
from auth_service.token_text import TokenText
from auth_service.users.models import User
from auth_service.users.obligation import FactorRules
from auth_service.users.service import UserService
from common.errors import FieldError, Unauthenticated, ValidationFailed
from common.identity import Principal


@dataclass(frozen=True, slots=True)
class FactorStatus:
    factors: Sequence[Factor]
    codes_left: int
    obligatory: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class PasskeyOptions:
    """What a browser needs for a ceremony, and the token that belongs with its answer."""

    token: TokenText = field(repr=False)
    options: Options


@dataclass(frozen=True, slots=True)
class OwnFactors:
    factors: FactorService
    challenges: Challenges
    users: UserService
    sessions: SessionService
    rules: FactorRules

    async def status(self, principal: Principal) -> FactorStatus:
        user = await self.users.get(principal.require_user())
        if user is None:
            raise Unauthenticated
        return FactorStatus(
            await self.factors.of(user.id),
            await self.factors.codes_left(user.id),
            self.rules.oblige(await self.users.grants_in_force(user.id)),
            user.factor_due_at,
        )

    async def begin_app(self, principal: Principal, name: str) -> NewApp:
        """A secret to set up an app with. Raises FactorLimit, and as `_trusted`."""
        user, _ = await self._trusted(principal)
        return await self.factors.begin_app(user, name)

    async def confirm_app(self, principal: Principal, code: str) -> Added:
        """Let the new app count. Raises ValidationFailed for a wrong code, FactorLimit, and as
        `_trusted`.
        """
        user, session_id = await self._trusted(principal)
        others = await self.factors.of(user.id)
        added = await self.factors.confirm_app(user, code)
        if added is None:
            raise _refused("code", "code-wrong", "is not the code that the new app shows now")
        return await self._added(user, session_id, added, Method.ONE_TIME_CODE, others)

    async def begin_passkey(self, principal: Principal) -> PasskeyOptions:
        """What a browser needs to make a passkey. Raises as `_trusted`."""
        user, session_id = await self._trusted(principal)
        text = await self.challenges.issue(
            Purpose.PASSKEY_REGISTRATION, user, session_id=session_id
        )
        known = await self.factors.of(user.id)
        options = self.factors.passkeys.registration(user, known, passkey_challenge(text))
        return PasskeyOptions(text, options)

    async def add_passkey(
        self, principal: Principal, token: str, name: str, credential: Mapping[str, Any]
    ) -> Added:
        """Register a passkey. Raises ChallengeInvalid, ValidationFailed, PasskeyKnown, FactorLimit,
        and as `_trusted`.
        """
        user, session_id = await self._trusted(principal)
        text = TokenText.parse(token)
        purpose = Purpose.PASSKEY_REGISTRATION
        challenge = await self.challenges.find(text, purpose, lock=True) if text else None
        if text is None or challenge is None or challenge.session_id != session_id:
            raise _refused("challenge_token", "challenge-invalid", ChallengeInvalid.title)
        await self.challenges.answered(challenge)
        others = await self.factors.of(user.id)
        added = await self.factors.add_passkey(user, name, credential, passkey_challenge(text))
        if added is None:
            raise _refused("passkey", "passkey-invalid", "is not a passkey made for this challenge")
        return await self._added(user, session_id, added, Method.PASSKEY, others)

    async def renew_codes(self, principal: Principal) -> tuple[str, ...]:
        """Ten new recovery codes; the earlier ones no longer work. Raises NoFactor."""
        user, _ = await self._trusted(principal)
        return await self.factors.renew_codes(user)

    async def remove(self, principal: Principal, factor_id: UUID) -> None:
        """Remove a factor. Raises NotFound, FactorObligatory, and as `_trusted`."""
        user, _ = await self._trusted(principal)
        remaining = [each for each in await self.factors.of(user.id) if each.id != factor_id]
        if not remaining and self.rules.oblige(await self.users.grants_in_force(user.id)):
            raise FactorObligatory
        await self.factors.remove(user, factor_id)

    async def _trusted(self, principal: Principal) -> tuple[User, UUID]:
        """The locked user and the session. Raises Unauthenticated, ReauthenticationRequired or
        StepUpRequired.
        """
        user = await self.users.lock(principal.require_user())
        if user is None or not user.is_active:
            raise Unauthenticated
        has_factor = bool(await self.factors.of(user.id))
        session = await self.sessions.require_recent(
            user.id, principal.session_id, with_factor=has_factor
        )
        return user, session.id

    async def _added(
        self,
        user: User,
        session_id: UUID,
        added: Added,
        method: Method,
        others: Sequence[Factor],
    ) -> Added:
        """This session has shown the factor; those that a password alone has opened are ended."""
        await self.sessions.step_up(user.id, session_id, method)
        if not others:
            await self.sessions.end_all(user.id, EndReason.FACTOR, keep=session_id)
        return added


def _refused(field_name: str, code: str, message: str) -> ValidationFailed:
    return ValidationFailed(errors=(FieldError(field_name, code, message),))
