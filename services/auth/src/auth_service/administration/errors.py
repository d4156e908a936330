"""Refusals of changes of accounts and grants."""

from typing import ClassVar

from auth_service.users.models import User
from common.errors import Conflict


class UserActive(Conflict):
    """Only a deactivated account can be anonymised."""

    code: ClassVar[str] = "user-active"
    title: ClassVar[str] = "This user is active; deactivate the account first"


class UserAnonymised(Conflict):
    """Nothing can be changed about an anonymised account."""

    code: ClassVar[str] = "user-anonymised"
    title: ClassVar[str] = "This account has been anonymised"


class GrantOver(Conflict):
    """A grant that has ended stays as it was."""

    code: ClassVar[str] = "grant-over"
    title: ClassVar[str] = "This grant has ended; give a new one"


def require_changeable(user: User) -> None:
    """Raises UserAnonymised."""
    if user.anonymised_at is not None:
        raise UserAnonymised
