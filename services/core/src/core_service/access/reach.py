"""How far a statement over court data reaches, and the guard that refuses one without a reach.

Court data is every table but those that all courts share. A statement over it is limited to what
the caller may see, or to what belongs to rows that this unit of work has read, or it concerns the
registry as a whole and gives the reason.

The guard looks at the SQL that leaves for Postgres, whichever way it was built, so a new endpoint,
job or command cannot read past the court filter by forgetting it: it fails at its first test.
Outside a request, a job or an audited command nothing is refused: operators and tests have the
database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Executable, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session

from core_service.audit.acting import acting
from core_service.tables import METADATA

OPTION: Final = "reach"  # among the execution options of a statement
# Tables that all courts share or that hold nothing a court has written; the others are court data.
SHARED: Final = frozenset(
    {
        "activity_types",
        "adjournment_reasons",
        "audit_checkpoints",
        "calendar_periods",
        "case_categories",
        "case_types",
        "case_weights",
        "courts",
        "figure_changes",
        "idempotency_keys",
        "judge_merge_items",
        "judge_merges",
        "judge_postings",
        "judges",
        "outcomes",
        "time_standards",
    }
)
READ: Final = "court_data_read"
# Rows by whose keys others are read. An import loads ten others for each of them.
READ_ON_FROM: Final = frozenset({"cases", "case_activities", "import_batches"})
_READING: Final = re.compile(r"\s*(?:\(\s*)*(?:SELECT|WITH|TABLE)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")

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


def filtered(statement: StatementT) -> StatementT:
    """A statement that holds the condition on the caller's courts."""
    return statement.execution_options(reach=Reach(Kind.FILTERED))


def of_found(statement: StatementT, ids: Iterable[UUID]) -> StatementT:
    """A statement over what belongs to rows that this unit of work has read before."""
    return statement.execution_options(reach=found(ids))


def found(ids: Iterable[UUID]) -> Reach:
    """The reach of a statement over what belongs to rows that were read before."""
    return Reach(Kind.FOUND, frozenset(ids))


def registry_wide(statement: StatementT, reason: str) -> StatementT:
    """A statement that must see what its caller may not, for a reason that a reviewer accepts.

    What it reads decides something; it is not shown.
    """
    return statement.execution_options(reach=Reach(Kind.REGISTRY, reason=reason))


class UnscopedStatementError(Exception):
    """A statement would read court data past the court filter: a programming error."""


def install(engine: AsyncEngine) -> None:
    """Let an engine refuse statements that do not declare their reach."""
    event.listen(engine.sync_engine, "before_cursor_execute", _refuse_undeclared)


@lru_cache(maxsize=4096)
def court_data_in(sql: str) -> frozenset[str]:
    """The tables of court data that a query names; none for statements that only write."""
    if _READING.match(sql) is None:
        return frozenset()
    return (frozenset(METADATA.tables) - SHARED).intersection(_WORD.findall(sql))


def _refuse_undeclared(
    _connection: Any, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool
) -> None:
    if acting.get() is None or context.execution_options.get(OPTION) is not None:
        return
    tables = court_data_in(sql)
    if tables:
        raise UnscopedStatementError(f"A statement over {', '.join(sorted(tables))} has no reach")


class GuardedSession(Session):
    """A session that reads what belongs to a row only after it has read the row."""


@event.listens_for(GuardedSession, "do_orm_execute")
def _check_found(state: ORMExecuteState) -> None:
    if acting.get() is None:
        return
    reach: Reach | None = state.execution_options.get(OPTION)
    if reach is None and state.is_column_load:  # of a row that the session holds
        state.update_execution_options(reach=found(()))
    if reach is None or reach.kind is not Kind.FOUND:
        return
    unread = reach.ids - state.session.info.get(READ, frozenset())
    if unread:
        raise UnscopedStatementError(
            f"{len(unread)} rows that the statement belongs to were not read before"
        )


@event.listens_for(GuardedSession, "loaded_as_persistent")
@event.listens_for(GuardedSession, "pending_to_persistent")
def _note_row(session: OrmSession, row: Any) -> None:
    if type(row).__tablename__ in READ_ON_FROM:
        session.info.setdefault(READ, set()).add(row.id)


def note_made(session: OrmSession, row_id: UUID) -> None:
    """Remember a row that this session has inserted by a statement."""
    session.info.setdefault(READ, set()).add(row_id)
