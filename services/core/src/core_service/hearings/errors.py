"""What can be wrong with a request about hearings."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import BadRequest, Conflict, NotFound, ValidationFailed


class HearingNotFound(NotFound):
    """There is no such hearing, or none that the caller may know of."""

    code: ClassVar[str] = "hearing-not-found"
    title: ClassVar[str] = "There is no such hearing"


class HearingExists(Conflict):
    """The case has a hearing on that day already."""

    code: ClassVar[str] = "hearing-exists"
    title: ClassVar[str] = "The case is scheduled for that day already"


class HearingFromActivity(Conflict):
    """The day was set by an activity, or the hearing has taken place: its activity says so."""

    code: ClassVar[str] = "hearing-from-activity"
    title: ClassVar[str] = "Correct the activity that says so"


class HearingInvalid(ValidationFailed):
    """The hearing breaks a rule of the registry; `errors` says which."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "hearing-invalid"
    title: ClassVar[str] = "The hearing cannot be scheduled"


class DiaryPeriodInvalid(BadRequest):
    """The period ends before it begins, or is too long."""

    code: ClassVar[str] = "diary-period-invalid"
    title: ClassVar[str] = "The period is not valid"
