"""Refusals of refresh tokens and of ending sessions."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, ClassVar

from auth_service.errors import CommittedRefusal
from common.errors import PermissionDenied
from common.identity import StepUp


class RefreshTokenInvalid(CommittedRefusal):
    """The token is unknown, or its session has ended."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "refresh-token-invalid"
    title: ClassVar[str] = "This refresh token is not valid; sign in again"


class ReauthenticationRequired(PermissionDenied):
    """Ending other sessions requires a recent sign-in, so that a stolen token cannot do it."""

    code: ClassVar[str] = "reauthentication-required"
    title: ClassVar[str] = "Sign in again to do this"


class StepUpRequired(PermissionDenied):
    """This requires that a second factor was shown a short time ago: `POST /auth/step-up`."""

    code: ClassVar[str] = "step-up-required"
    title: ClassVar[str] = "Show your second factor to do this"
    example: ClassVar[Mapping[str, Any]] = StepUp(900).wanted

    @classmethod
    def within(cls, recent: timedelta) -> "StepUpRequired":
        wanted = StepUp(int(recent.total_seconds()))
        return cls(extra=wanted.wanted, headers={"WWW-Authenticate": wanted.challenge})


class RefreshTokenReused(CommittedRefusal):
    """The token was used before: an attacker may have it, so the session is ended."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "refresh-token-reused"
    title: ClassVar[str] = "This refresh token was used before; its session has been ended"
