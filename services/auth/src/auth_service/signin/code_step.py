"""Signing in with a printed code: it opens no session, but lets its user set a password."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.errors import CommittedRefusal
from auth_service.signin.gate import TOKEN
from auth_service.users.models import TokenPurpose
from auth_service.users.one_time_codes import CodeText, OneTimeCodes
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService
from common.composition import Units


class PasswordChangeRequired(CommittedRefusal):
    """What was given as the password is the printed code of the account: set a password by
    `POST /auth/password/reset`, then sign in with it.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "password-change-required"
    title: ClassVar[str] = "Set a password to sign in"
    example: ClassVar[Mapping[str, Any]] = {"reset_token": TOKEN, "expires_in": 1800}


@dataclass(frozen=True, slots=True)
class CodeWork:
    """What the transaction that accepts a code needs."""

    users: UserService
    codes: OneTimeCodes
    tokens: PasswordTokens
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class CodeStep:
    units: Units

    async def refuse_code(self, email: str, password: str) -> None:
        """Raises PasswordChangeRequired when this is the code of the account with the address.

        Until a password is set the code can be given again. Strangers cannot stop it: guesses at
        it need its label, and those at the password are counted elsewhere.
        """
        code = CodeText.parse(password)
        if code is None:
            return
        async with self.units.query() as unit:
            user_id = await unit.get(OneTimeCodes).find(email, code)
        if user_id is None:
            return
        async with self.units.begin() as unit:
            work = unit.get(CodeWork)
            user = await work.users.lock(user_id)
            if user is None or not user.is_active:
                return
            if not await work.codes.attempt(user.id, code):
                outcome, reason = EventOutcome.FAILURE, "code-invalid"
                work.audit.record(
                    Event(Action.CODE_USE, outcome, reason=reason, subject_id=user.id)
                )
                return
            work.audit.record(Event(Action.CODE_USE, subject_id=user.id))
            token = await work.tokens.issue(user, TokenPurpose.RESET)
            seconds = int(work.tokens.lifetimes.reset.total_seconds())
            raise PasswordChangeRequired(extra={"reset_token": token.text, "expires_in": seconds})
