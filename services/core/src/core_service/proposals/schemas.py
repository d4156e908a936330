"""Bodies of requests and responses about changes that need an administrator."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.schemas import RequestModel, ResponseModel
from core_service.aliases.schemas import OneCourt
from core_service.aliases.service import Decision
from core_service.entries.schemas import RowProblem
from core_service.people import PersonRead
from core_service.proposals.alias_decisions import DecisionVerdict, Verdict
from core_service.proposals.handlers.cases import StatusOrder
from core_service.proposals.models import ChangeRequest, RequestKind, RequestState
from core_service.transfers.orders import TransferOrder

MOST_DECISIONS: Final = 500
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ReasonBody(RequestModel):
    """Why."""

    reason: Reason = Field(examples=["Recorded under the wrong number: it is of HCCC E41"])


class ReasonedOrder(RequestModel):
    def terms(self) -> dict[str, Any]:
        """The order without its reason."""
        return self.model_dump(mode="json", exclude={"reason"})


class TransferBody(TransferOrder, ReasonedOrder):
    """A transfer, and why."""

    reason: Reason = Field(examples=["Transferred by order of 2026-05-04: pecuniary jurisdiction"])


class StatusBody(StatusOrder, ReasonedOrder):
    """A status, and why."""

    reason: Reason = Field(examples=["Closed by mistake in the 2019 migration; ruling outstanding"])


class DecisionBody(RequestModel):
    """A note to the user who proposed; may be left out."""

    note: Reason | None = Field(default=None, examples=["The ruling is on file; nothing to void"])


class ChangeRequestRead(ResponseModel):
    """A request; `terms` is the body of the proposed change without `reason`. Omitted fields have
    their defaults there; in a change of reference data they stay as they are.

    A request without a case names in `entity` the table in which it would add a row, or change the
    row `entity_id` of the version `entity_version`.
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
        """A request with the names of its users."""
        values = request.model_dump() | {
            "requested_at": request.created_at,
            "requested_by": PersonRead.of(request.created_by, names),
            "decided_by": PersonRead.of(request.decided_by, names),
        }
        return cls.model_validate(values)


class DecisionItem(RequestModel):
    """One decision: to accept a spelling, which needs its meaning, or to reject it."""

    alias_id: UUID
    decision: Literal["accept", "reject"]
    target_id: UUID | None = Field(default=None, description="what an accepted spelling means")
    court_id: OneCourt = None

    @model_validator(mode="after")
    def _has_its_target(self) -> "DecisionItem":
        if (self.decision == "accept") != (self.target_id is not None):
            raise ValueError("target_id belongs to an accepted spelling, and to no other")
        return self

    def to_decision(self) -> Decision:
        """As the service takes it."""
        return Decision(self.alias_id, self.target_id, self.court_id)


class DecisionList(RequestModel):
    """Decisions about many spellings."""

    items: Annotated[list[DecisionItem], Field(min_length=1, max_length=MOST_DECISIONS)]


class DecisionRead(ResponseModel):
    """What became of the decision with this index; `request_id` is of a request made instead."""

    index: int
    alias_id: UUID
    verdict: DecisionVerdict
    request_id: UUID | None
    problem: RowProblem | None

    @classmethod
    def of(cls, index: int, verdict: Verdict) -> "DecisionRead":
        """A verdict with its place in the list."""
        return cls(
            index=index,
            alias_id=verdict.decision.alias_id,
            verdict=verdict.verdict,
            request_id=verdict.request_id,
            problem=RowProblem.of(verdict.error) if verdict.error else None,
        )


class DecisionListRead(ResponseModel):
    """The verdicts in the order of the decisions, and how many there are of each."""

    counts: dict[DecisionVerdict, int]
    items: list[DecisionRead]

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> "DecisionListRead":
        """The verdicts on a list."""
        found = Counter(each.verdict for each in verdicts)
        items = [DecisionRead.of(index, each) for index, each in enumerate(verdicts)]
        return cls(counts={verdict: found[verdict] for verdict in DecisionVerdict}, items=items)
