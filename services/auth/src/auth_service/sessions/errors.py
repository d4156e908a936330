"""Refusals of refresh tokens and of ending sessions."""

from http import HTTPStatus
from typing import ClassVar

from auth_service.errors import CommittedRefusal
from common.errors import PermissionDenied


class RefreshTokenInvalid(CommittedRefusal):
    """The token is unknown, or its session has ended."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "refresh-token-invalid"
    title: ClassVar[str] = "This refresh token is not valid; sign in again"


class ReauthenticationRequired(PermissionDenied):
    """Ending other sessions requires a recent sign-in, so that a stolen token cannot do it."""

    code: ClassVar[str] = "reauthentication-required"
    title: ClassVar[str] = "Sign in again to do this"


class RefreshTokenReused(CommittedRefusal):
    """The token was used before: an attacker may have it, so the session is ended."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "refresh-token-reused"
    title: ClassVar[str] = "This refresh token was used before; its session has been ended"
