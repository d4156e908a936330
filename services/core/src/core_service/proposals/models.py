"""A change that needs approval: the table that stores it, what carries it out, its result."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from core_service.access.actors import Actor
from core_service.cases.models import Case
from core_service.tables import UTC_TIME, Record, text_enum

ValueT = TypeVar("ValueT")


class RequestKind(StrEnum):
    """The kind of change."""

    VOID = "void"
    RESTORE = "restore"
    TRANSFER = "transfer"
    STATUS = "status"
    MERGE = "merge"
    UNMERGE = "unmerge"
    ALIAS_ACCEPT = "alias_accept"
    ALIAS_REJECT = "alias_reject"
    REFERENCE_ADD = "reference_add"
    REFERENCE_CHANGE = "reference_change"
    IMPORT_REVERT = "import_revert"


class RequestState(StrEnum):
    """Whether a request is decided."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ChangeRequest(Record, table=True):
    """A stored proposal; `terms` is the body of the change.

    A transfer and its void are decided at the receiving court, any other change of a case at its
    court. A request without a case is about a row of `entity`, as a rule of a table that all courts
    share: it is decided by administrators of all courts, or of one court for a spelling at that
    court and for an import that has rows of it alone.
    """

    __tablename__ = "change_requests"
    __table_args__ = (
        Index(
            "uq_change_requests_pending",
            "case_id",
            "kind",
            text("coalesce(activity_id, case_id)"),
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        # Rows to be added have no ID yet: their terms distinguish them.
        Index(
            "uq_change_requests_pending_entity",
            "entity",
            "kind",
            text("coalesce(entity_id::text, md5(terms::text))"),
            text("coalesce(deciding_court_id::text, '')"),
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        CheckConstraint("(case_id IS NULL) = (entity IS NOT NULL)", "subject"),
        CheckConstraint("case_id IS NULL OR deciding_court_id IS NOT NULL", "decided_at_court"),
        Index("ix_change_requests_state", "state", "id"),
    )

    kind: RequestKind = Field(sa_type=text_enum(RequestKind))
    state: RequestState = Field(default=RequestState.PENDING, sa_type=text_enum(RequestState))
    case_id: UUID | None = Field(default=None, foreign_key="cases.id")
    activity_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
    court_id: UUID | None = Field(default=None, foreign_key="courts.id")
    deciding_court_id: UUID | None = Field(default=None, foreign_key="courts.id")
    entity: str | None = None
    entity_id: UUID | None = None
    entity_version: int | None = None
    reason: str | None = None
    terms: dict[str, Any] = Field(sa_type=JSONB)
    decided_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    decided_by: UUID | None = None
    decision_note: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that needs an administrator, in the columns of a request.

    It is about a case, or about a row of the shared table `entity`; a row to be added has no ID
    yet. `entity_version` is the version that the proposer has seen.
    """

    kind: RequestKind
    case_id: UUID | None = None
    court_id: UUID | None = None
    deciding_court_id: UUID | None = None
    reason: str | None = None
    activity_id: UUID | None = None
    entity: str | None = None
    entity_id: UUID | None = None
    entity_version: int | None = None
    terms: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, request: ChangeRequest) -> "Proposal":
        """The proposal that a request stores."""
        return cls(**{each.name: getattr(request, each.name) for each in fields(cls)})

    @classmethod
    def of_case(cls, kind: RequestKind, case: Case, reason: str, **others: Any) -> "Proposal":
        """A change of a case; its court decides unless `deciding_court_id` names another."""
        others = {"deciding_court_id": case.court_id} | others
        return cls(kind, case.id, case.court_id, reason=reason, **others)


@dataclass(frozen=True, slots=True)
class Result:
    """What a change leaves: the case to show, its activity, or the `value` of a shared table."""

    case_id: UUID | None = None
    activity_id: UUID | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class Handler:
    """Carries out one kind of proposal.

    A proposal is tried before it is stored, unless `check` replaces the trial: where a trial takes
    too long, or where its errors would reveal what another court holds. A check changes nothing.
    """

    apply: Callable[[Proposal, Actor], Awaitable[Result]]
    check: Callable[[Proposal], Awaitable[None]] | None = None


Handlers = Mapping[RequestKind, Handler]
IMPORT_REVERT: Final = RequestKind.IMPORT_REVERT


class LaterHandlers(Protocol):
    """The handlers of features that lie above proposals."""

    def by_kind(self) -> Handlers:
        """The handler of each kind."""


def required(value: ValueT | None) -> ValueT:
    """A field that every proposal of this kind has."""
    if value is None:
        raise ValueError("The proposal lacks a field of its kind")
    return value
