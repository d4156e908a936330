"""Errors of assignments."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import Conflict, NotFound, ValidationFailed


class AssignmentNotFound(NotFound):
    """The case has no such assignment."""

    code: ClassVar[str] = "assignment-not-found"
    title: ClassVar[str] = "There is no such assignment"


class AssignmentNotEndable(Conflict):
    """The assignment has ended, or it is derived from the bench; assign another judge instead."""

    code: ClassVar[str] = "assignment-not-endable"
    title: ClassVar[str] = "This assignment cannot be ended"


class LeadTaken(Conflict):
    """Another judge was made the lead judge of the case at the same time."""

    code: ClassVar[str] = "lead-taken"
    title: ClassVar[str] = "The case has another lead already"


class AssignmentInvalid(ValidationFailed):
    """The assignment breaks a rule of the registry; `errors` says which."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "assignment-invalid"
    title: ClassVar[str] = "The assignment cannot be made"


class PlanChanged(Conflict):
    """The assignments to move differ from those of the preview; `plan` is the current plan."""

    code: ClassVar[str] = "plan-changed"
    title: ClassVar[str] = "What would move has changed since the preview"
