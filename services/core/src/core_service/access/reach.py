"""How far a statement over court data reaches; `guard.py` refuses one that does not declare it.

Court data is every table but those that all courts share. A statement over it is limited to what
the caller may see, or to what belongs to rows that this unit of work has read, or it concerns the
registry as a whole and gives the reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Executable

OPTION: Final = "reach"
StatementT = TypeVar("StatementT", bound=Executable)


class Kind(StrEnum):
    """Why the statement shows no data that its caller may not see."""

    FILTERED = "filtered"
    FOUND = "found"
    REGISTRY = "registry"


@dataclass(frozen=True, slots=True)
class Reach:
    """The declared reach; `ids` are of rows that were read before, `reason` is for reviewers."""

    kind: Kind
    ids: frozenset[UUID] = frozenset()
    reason: str = ""

    def options(self) -> Mapping[str, Any]:
        """As execution options of a statement."""
        return {OPTION: self}


def filtered(statement: StatementT) -> StatementT:
    """A statement that holds the condition on the caller's courts."""
    return statement.execution_options(**Reach(Kind.FILTERED).options())


def of_found(statement: StatementT, ids: Iterable[UUID]) -> StatementT:
    """A statement over what belongs to rows that this unit of work has read before."""
    return statement.execution_options(**found(ids).options())


def found(ids: Iterable[UUID]) -> Reach:
    """The reach of a statement over what belongs to rows that were read before."""
    return Reach(Kind.FOUND, frozenset(ids))


def registry_wide(statement: StatementT, reason: str) -> StatementT:
    """A statement that must see what its caller may not, for a reason that a reviewer accepts.

    What it reads decides something; it is not shown.
    """
    return statement.execution_options(**Reach(Kind.REGISTRY, reason=reason).options())
