"""What can be wrong with a request about activities."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import Conflict, NotFound, ValidationFailed


class ActivityNotFound(NotFound):
    """There is no such activity, or none that the caller may know of."""

    code: ClassVar[str] = "activity-not-found"
    title: ClassVar[str] = "There is no such activity"


class ActivityAlreadyCorrected(Conflict):
    """The activity to correct is corrected or voided already."""

    code: ClassVar[str] = "activity-already-corrected"
    title: ClassVar[str] = "This activity was corrected or voided"


class ActivityIsAnAct(Conflict):
    """A transfer or a status that was set is no report of what happened: it is voided."""

    code: ClassVar[str] = "activity-is-an-act"
    title: ClassVar[str] = "An act of the registry is voided, not corrected"


class ActivityInvalid(ValidationFailed):
    """The activity breaks a rule of the registry; `errors` says which."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "activity-invalid"
    title: ClassVar[str] = "The activity cannot be recorded"
