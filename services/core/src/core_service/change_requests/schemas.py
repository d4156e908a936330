"""Bodies of requests and responses about changes that need an administrator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from common.schemas import RequestModel, ResponseModel
from core_service.change_requests.models import ChangeRequest, RequestKind, RequestState
from core_service.change_requests.orders import StatusOrder
from core_service.people import PersonRead
from core_service.transfers.orders import TransferOrder

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ReasonBody(RequestModel):
    """Why."""

    reason: Reason = Field(examples=["Recorded under the wrong number: it is of HCCC E41"])


class TransferBody(TransferOrder):
    """A transfer, and why."""

    reason: Reason = Field(examples=["Transferred by order of 2026-05-04: pecuniary jurisdiction"])

    def terms(self) -> dict[str, Any]:
        """What the transfer is told."""
        return self.model_dump(mode="json", exclude={"reason"})


class StatusBody(StatusOrder):
    """A status, and why."""

    reason: Reason = Field(examples=["Closed by mistake in the 2019 migration; ruling outstanding"])

    def terms(self) -> dict[str, Any]:
        """What the order is told."""
        return self.model_dump(mode="json", exclude={"reason"})


class DecisionBody(RequestModel):
    """What to tell whoever asked; may be left out."""

    note: Reason | None = Field(default=None, examples=["The ruling is on file; nothing to void"])


class ChangeRequestRead(ResponseModel):
    """A request; `terms` are what the change is told: the body that it came with, but for `reason`.
    What was left out has its default there, or stays as it is in a change of reference data.

    What is about no case says in `entity` in which table it would add a row, or change the row
    `entity_id` of the version `entity_version`.
    """

    id: UUID
    kind: RequestKind
    state: RequestState
    case_id: UUID | None
    activity_id: UUID | None
    court_id: UUID | None
    deciding_court_id: UUID | None = Field(description="null: administrators of all courts")
    entity: str | None
    entity_id: UUID | None
    entity_version: int | None
    reason: str | None
    terms: dict[str, Any]
    requested_at: datetime
    requested_by: PersonRead | None
    decided_at: datetime | None
    decided_by: PersonRead | None
    decision_note: str | None
    version: int

    @classmethod
    def of(cls, request: ChangeRequest, names: Mapping[UUID, str | None]) -> "ChangeRequestRead":
        """A request with the names of who asked and who decided."""
        values = request.model_dump() | {
            "requested_at": request.created_at,
            "requested_by": PersonRead.of(request.created_by, names),
            "decided_by": PersonRead.of(request.decided_by, names),
        }
        return cls.model_validate(values)
