"""What can be wrong with a request about cases."""

from typing import ClassVar

from common.errors import Conflict, NotFound, ValidationFailed


class CaseNumberTaken(Conflict):
    """The court has a case of this type, number and year already."""

    code: ClassVar[str] = "case-number-taken"
    title: ClassVar[str] = "There is a case with this number already"


class CaseDeleted(Conflict):
    """The number is that of a deleted case: nothing happens to it until it is restored."""

    code: ClassVar[str] = "case-deleted"
    title: ClassVar[str] = "The case with this number is deleted"


class CaseNotFound(NotFound):
    """There is no such case, or none that the caller may know of."""

    code: ClassVar[str] = "case-not-found"
    title: ClassVar[str] = "There is no such case"


class CaseNumberUnreadable(ValidationFailed):
    """The text contains no case number."""

    code: ClassVar[str] = "case-number-unreadable"
    title: ClassVar[str] = "This is not a case number"
