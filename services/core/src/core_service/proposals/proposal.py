"""A change that needs approval, the handler that carries it out, and its result."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from core_service.access.actors import Actor
from core_service.cases.models import Case
from core_service.proposals.models import ChangeRequest, RequestKind

ValueT = TypeVar("ValueT")


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

    def columns(self) -> dict[str, Any]:
        """The columns of the request that stores it."""
        return asdict(self)


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
