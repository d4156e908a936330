"""Refusals of signing in through a directory."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from auth_service.errors import CommittedRefusal
from common.errors import Conflict, DomainError


class ReturnUrlRefused(DomainError):
    """The address is not one of AUTH_OIDC_RETURN_URLS."""

    code: ClassVar[str] = "return-url-refused"
    title: ClassVar[str] = "A sign-in may not end at this address"


class SignInCodeInvalid(CommittedRefusal):
    """Used, expired, unknown, or of another frontend: the same answer."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNAUTHORIZED
    code: ClassVar[str] = "sign-in-code-invalid"
    title: ClassVar[str] = "This sign-in is no longer valid; begin again"


class MappingExists(Conflict):
    """A group has a role once; remove that mapping first."""

    code: ClassVar[str] = "group-mapping-exists"
    title: ClassVar[str] = "This group has the role already"


class IdentityTaken(Conflict):
    """Two first sign-ins at the same time; one of them is linked."""

    code: ClassVar[str] = "identity-taken"
    title: ClassVar[str] = "Another sign-in was linked meanwhile; begin again"


class SignInRefused(Exception):
    """Why a sign-in ends without a code: `code` is for the frontend, `reason` for the audit log.

    Nothing that the directory wrote is in either.
    """

    code: ClassVar[str] = "directory-refused"

    def __init__(self, reason: str, subject_id: UUID | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.subject_id = subject_id


class DirectoryUnavailable(SignInRefused):
    """It does not answer, in time or as it should."""

    code: ClassVar[str] = "directory-unavailable"


class SignInCancelled(SignInRefused):
    """The user or the directory has declined."""

    code: ClassVar[str] = "sign-in-cancelled"


class AccountRefused(SignInRefused):
    """No account may be signed in to by it: unknown, deactivated, or another's."""

    code: ClassVar[str] = "account-unavailable"
