"""Why an administrator may not do something."""

from typing import ClassVar

from common.errors import Conflict, PermissionDenied


class SelfElevation(PermissionDenied):
    """Nobody gives themselves a role: another administrator has to."""

    code: ClassVar[str] = "self-elevation"
    title: ClassVar[str] = "Nobody may grant themselves a role"


class LastAdmin(Conflict):
    """Nobody would be left who can administer: active, with a password and a lasting grant."""

    code: ClassVar[str] = "last-admin"
    title: ClassVar[str] = "This is the last active administrator"


class UserInactive(Conflict):
    """A deactivated user gets no mail and no session."""

    code: ClassVar[str] = "user-inactive"
    title: ClassVar[str] = "This user is deactivated; activate the account first"
