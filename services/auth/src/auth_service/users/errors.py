"""Errors about users."""

from typing import ClassVar, Final

from common.errors import Conflict


class EmailTaken(Conflict):
    """Another user signs in by this address."""

    code: ClassVar[str] = "email-taken"
    title: ClassVar[str] = "Another user has this e-mail address"


CONSTRAINTS: Final = {"uq_users_email": EmailTaken}
