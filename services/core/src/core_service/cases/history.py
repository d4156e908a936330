"""Notes changes of cases as they happen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.keyset import Order, SortKey, read_id
from core_service.access.actors import Actor, mark_updated
from core_service.access.reach import of_found
from core_service.cases.models import Case, CaseChange, ChangeKind
from core_service.sources import MANUAL, Source

# These change with every change, so the history leaves them out.
METADATA = frozenset({"updated_at", "updated_by", "version"})

IN_ORDER: Final[Order[CaseChange]] = Order(
    "changed_at,case_version,id",
    (
        SortKey(col(CaseChange.changed_at), lambda row: row.changed_at, datetime.fromisoformat),
        SortKey(col(CaseChange.case_version), lambda row: row.case_version, int),
        SortKey(col(CaseChange.id), lambda row: row.id, read_id),
    ),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to a case, and why; `facts` are shown with the columns that differ."""

    kind: ChangeKind
    reason: str | None = None
    source: Source = MANUAL
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """Gives a changed case its next version and notes what led to it."""

    session: AsyncSession
    clock: Clock

    async def note(self, case: Case, before: Mapping[str, Any], change: Change, by: Actor) -> None:
        """Note a change of a locked case, given its `model_dump()` before the change."""
        now = self.clock.now()
        mark_updated(case, by, now)
        self.session.add(
            CaseChange(
                case_id=case.id,
                case_version=case.version,
                kind=change.kind,
                changes=to_jsonable_python(
                    differences(before, case.model_dump()) | dict(change.facts)
                ),
                reason=change.reason,
                changed_at=now,
                changed_by=by.user_id,
                **change.source.columns(),
            )
        )
        await self.session.flush()

    async def behind(
        self, case_id: UUID, after: Sequence[Any] | None, limit: int
    ) -> Sequence[CaseChange]:
        """The next changes of a case that are no activities, in their order."""
        statement = IN_ORDER.sort(select(CaseChange).where(col(CaseChange.case_id) == case_id))
        if after is not None:
            statement = IN_ORDER.after(statement, after)
        return (await self.session.exec(of_found(statement.limit(limit), [case_id]))).all()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that differ, each with what it was and what it is."""
    return {
        name: {"from": before[name], "to": value}
        for name, value in after.items()
        if before[name] != value and name not in METADATA
    }
