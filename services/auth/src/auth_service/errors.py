"""Errors that more than one feature of auth raises."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import DomainError, PermissionDenied, Unauthenticated, Unavailable


class CommittedRefusal(DomainError):
    """A refusal that changes something: the unit of work commits first, then raises it.

    Reuse of a refresh token ends the session; a rollback would bring the session back.
    """


class InvalidCredentials(Unauthenticated):
    """Unknown, deactivated, without a password or with another one: all look alike."""

    code: ClassVar[str] = "invalid-credentials"
    title: ClassVar[str] = "E-mail or password is wrong"


class CrossSiteRefused(PermissionDenied):
    """A cookie came from a page that may not use it (or without `X-CSRF: 1`)."""

    status: ClassVar[HTTPStatus] = HTTPStatus.FORBIDDEN
    code: ClassVar[str] = "cross-site-refused"
    title: ClassVar[str] = "By cookie, send X-CSRF: 1 from an allowed Origin"


class Maintenance(Unavailable):
    """The operator has closed the system for all but administrators."""

    code: ClassVar[str] = "maintenance"
    title: ClassVar[str] = "The system is closed for maintenance"
