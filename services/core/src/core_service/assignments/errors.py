"""What can be wrong with an assignment."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import Conflict, NotFound, ValidationFailed


class AssignmentNotFound(NotFound):
    """The case has no such assignment."""

    code: ClassVar[str] = "assignment-not-found"
    title: ClassVar[str] = "There is no such assignment"


class AssignmentNotEndable(Conflict):
    """It has ended, or it follows from who sat: then another judge is assigned instead."""

    code: ClassVar[str] = "assignment-not-endable"
    title: ClassVar[str] = "This assignment cannot be ended"


class LeadTaken(Conflict):
    """Another judge has become the case's lead at this moment."""

    code: ClassVar[str] = "lead-taken"
    title: ClassVar[str] = "The case has another lead already"


class AssignmentInvalid(ValidationFailed):
    """The assignment breaks a rule of the registry; `errors` says which."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "assignment-invalid"
    title: ClassVar[str] = "The assignment cannot be made"


class PlanChanged(Conflict):
    """What would move is not what the preview showed; `plan` is the present one."""

    code: ClassVar[str] = "plan-changed"
    title: ClassVar[str] = "What would move has changed since the preview"
