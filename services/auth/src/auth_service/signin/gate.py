"""What a right first factor is not enough for: a second factor that the user has, or must enrol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.errors import CommittedRefusal
from auth_service.factors.challenges import LIFETIME, Challenges, passkey_challenge
from auth_service.factors.models import Factor, FactorKind, Purpose
from auth_service.factors.service import FactorService
from auth_service.sessions.models import Delivery, Method
from auth_service.users.models import User
from auth_service.users.obligation import FactorRules
from auth_service.users.service import UserService

SECONDS: Final = int(LIFETIME.total_seconds())
TOKEN: Final = "AZnzonwfei2dWz9qHCtNXn3ZQ0s0b3r8m1xkYwJ5c2QhTn6uVt8aLg9pRf7eKd1B"  # noqa: S105 - made up


class FactorRequired(CommittedRefusal):
    """The first factor is right, and the account has a second factor: `POST /auth/login/factor`.

    `passkey` are the options for the browser, when the account has passkeys.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "factor-required"
    title: ClassVar[str] = "Now show your second factor"
    example: ClassVar[Mapping[str, Any]] = {
        "challenge_token": TOKEN,
        "expires_in": SECONDS,
        "methods": ["totp", "recovery_code"],
        "passkey": None,
    }


class FactorEnrolmentRequired(CommittedRefusal):
    """The first factor is right, but a role of the account must have a second one, and there is
    none: `POST /auth/login/enrolment`.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "factor-enrolment-required"
    title: ClassVar[str] = "Set up a second factor to sign in"
    example: ClassVar[Mapping[str, Any]] = {"challenge_token": TOKEN, "expires_in": SECONDS}


@dataclass(frozen=True, slots=True)
class FactorGate:
    users: UserService
    factors: FactorService
    challenges: Challenges
    rules: FactorRules
    audit: AuditLog

    async def wanted(
        self,
        user: User,
        delivery: Delivery,
        device_name: str | None,
        method: Method = Method.PASSWORD,
        session_id: UUID | None = None,
    ) -> CommittedRefusal | None:
        """What a locked user whose first factor was right must do before, if anything.

        `session_id` is what the session will be called, if that is decided already.
        """
        factors = await self.factors.of(user.id)
        if not factors and not await self.must_enrol(user):
            return None
        text = await self.challenges.issue(
            Purpose.SIGN_IN,
            user,
            session_id=session_id,
            delivery=delivery,
            device_name=device_name,
            method=method,
        )
        details = {"method": method.value}
        self.audit.record(Event(Action.LOGIN_CHALLENGE, subject_id=user.id, details=details))
        extra: dict[str, Any] = {"challenge_token": text.text, "expires_in": SECONDS}
        if not factors:
            return FactorEnrolmentRequired(extra=extra)
        passkeys = [each for each in factors if each.kind is FactorKind.PASSKEY]
        options = None
        if passkeys:
            options = self.factors.passkeys.request(passkeys, passkey_challenge(text))
        return FactorRequired(extra=extra | {"methods": _methods(factors), "passkey": options})

    async def must_enrol(self, user: User) -> bool:
        """Whether a user without a second factor must have one by now."""
        if not self.rules.may_be_due(user, self.challenges.clock.now()):
            return False
        return self.rules.oblige(await self.users.grants_in_force(user.id))


def _methods(factors: Sequence[Factor]) -> list[str]:
    kinds = {each.kind.value for each in factors}
    return [*(kind.value for kind in FactorKind if kind.value in kinds), "recovery_code"]
