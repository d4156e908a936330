"""What can be wrong with a request about activities."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from common.errors import Conflict, NotFound, ValidationFailed


class ActivityNotFound(NotFound):
    """There is no such activity, or none that the caller may know of."""

    code: ClassVar[str] = "activity-not-found"
    title: ClassVar[str] = "There is no such activity"


class ActivityExists(Conflict):
    """The case has a live activity of this day, purpose, lead judge and outcome: `activity_id`.

    Send `allow_duplicate` when it did happen twice.
    """

    code: ClassVar[str] = "activity-exists"
    title: ClassVar[str] = "This activity is recorded already"
    example: ClassVar[Mapping[str, Any]] = {"activity_id": "0197a5e4-7c00-7abc-8def-0123456789ab"}


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
