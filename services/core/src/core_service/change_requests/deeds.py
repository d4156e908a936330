"""What is asked for and what doing it leaves behind; each kind of change is a function."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar
from uuid import UUID

from core_service.access.actors import Actor
from core_service.change_requests.models import ChangeRequest, RequestKind

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that needs an administrator, in the columns of a request.

    It is about a case, or about a row of a table of no court, which `entity` names; what is to be
    added has no ID yet. `entity_version` is the version that whoever asks has seen.
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
    def of(cls, request: ChangeRequest) -> "Wish":
        """What a request asks for."""
        return cls(**{each.name: getattr(request, each.name) for each in fields(cls)})

    def columns(self) -> dict[str, Any]:
        """What a request keeps of it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Done:
    """What a change has left behind: the case to show, the activity where it is about one, and of
    a change of no case what was made.
    """

    case_id: UUID | None = None
    activity_id: UUID | None = None
    made: Any = None


Deed = Callable[[Wish, Actor], Awaitable[Done]]
Rule = Callable[[Wish], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Deeds:
    """The changes that clerks ask for."""

    by_kind: Mapping[RequestKind, Deed]
    rules_by_kind: Mapping[RequestKind, Rule]

    def rule(self, kind: RequestKind) -> Rule | None:
        """What checks a proposal where trying the change would take too much work, or where its
        errors would reveal what another court holds. It changes nothing.
        """
        return self.rules_by_kind.get(kind)

    async def do(self, wish: Wish, by: Actor) -> Done:
        """Make the change. Raises what its rules raise."""
        return await self.by_kind[wish.kind](wish, by)


def required(value: ValueT | None) -> ValueT:
    """What a wish of this kind has."""
    if value is None:
        raise ValueError("The wish does not say what it is about")
    return value
