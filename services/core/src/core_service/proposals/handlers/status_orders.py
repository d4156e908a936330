"""Rules for setting a case's status by order, where no outcome sets it."""

from datetime import date
from http import HTTPStatus
from typing import ClassVar, Literal

from pydantic import Field

from common.dates import Day
from common.errors import Conflict, FieldError, ValidationFailed
from common.schemas import RequestModel
from core_service.cases.errors import CaseDeleted
from core_service.cases.models import Case, CaseStatus

# A transfer, which changes two cases, is the only way to and from `transferred`.
Settable = Literal[CaseStatus.PENDING, CaseStatus.INACTIVE, CaseStatus.DISPOSED]


class StatusUnchanged(Conflict):
    """The case has this status, or its file is at another court."""

    code: ClassVar[str] = "status-unchanged"
    title: ClassVar[str] = "The status cannot be set so"


class StatusOrderInvalid(ValidationFailed):
    """The order breaks a rule of the registry; `errors` says which."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "status-order-invalid"
    title: ClassVar[str] = "The status cannot be set so"


class StatusOrder(RequestModel):
    """The status to set, and from which day on."""

    status: Settable = Field(examples=["pending"])
    effective_on: Day = Field(examples=["2026-05-04"])


def check_status_order(order: StatusOrder, case: Case, today: date) -> None:
    """Raise CaseDeleted, StatusUnchanged or StatusOrderInvalid unless the order can be carried out.

    It must come after everything else, or what happened later would undo it at once.
    """
    if case.deleted_at is not None:
        raise CaseDeleted
    if case.status == CaseStatus.TRANSFERRED:
        raise StatusUnchanged("The file is at another court: void the transfer or send it back")
    if case.status == order.status:
        raise StatusUnchanged(f"The case is {case.status.value} already")
    earliest = max(case.filed_on, case.last_activity_on or case.filed_on)
    if not earliest <= order.effective_on <= today:
        message = f"Must be from {earliest}, when something last happened, to {today}"
        raise StatusOrderInvalid(errors=(FieldError("effective_on", "out-of-range", message),))
