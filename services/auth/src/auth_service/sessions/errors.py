"""Why a refresh token gives nothing."""

from http import HTTPStatus
from typing import ClassVar

from auth_service.errors import CommittedRefusal
from common.errors import PermissionDenied


class RefreshTokenInvalid(CommittedRefusal):
    """The token is unknown, or its session is over."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "refresh-token-invalid"
    title: ClassVar[str] = "This refresh token is not valid; sign in again"


class ReauthenticationRequired(PermissionDenied):
    """Ending other sessions takes a recent sign-in, so that a stolen token cannot do it."""

    code: ClassVar[str] = "reauthentication-required"
    title: ClassVar[str] = "Sign in again to do this"


class RefreshTokenReused(CommittedRefusal):
    """The token was spent before: someone else may hold it, so the session is over."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "refresh-token-reused"
    title: ClassVar[str] = "This refresh token was used before; its session has been ended"
