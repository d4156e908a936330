"""Notes changes of cases as they happen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from core_service.access.actors import Actor
from core_service.access.reach import of_found
from core_service.cases.models import Case
from core_service.history.models import CaseChange, ChangeKind
from core_service.sources import MANUAL, Source
from core_service.stamps import touch

# What every change changes says nothing of it.
STAMPS = frozenset({"updated_at", "updated_by", "version"})


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to a case, and why; `said` are facts that are no columns of the case."""

    kind: ChangeKind
    reason: str | None = None
    source: Source = MANUAL
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """Gives a changed case its next version and notes what led to it."""

    session: AsyncSession
    clock: Clock

    async def note(self, case: Case, before: Mapping[str, Any], change: Change, by: Actor) -> None:
        """Note a change of a locked case, given what `case.model_dump()` said before it."""
        now = self.clock.now()
        touch(case, by, now)
        source = change.source
        self.session.add(
            CaseChange(
                case_id=case.id,
                case_version=case.version,
                kind=change.kind,
                changes=to_jsonable_python(
                    differences(before, case.model_dump()) | dict(change.said)
                ),
                reason=change.reason,
                changed_at=now,
                changed_by=by.user_id,
                source_kind=source.kind,
                batch_id=source.batch_id,
                filename=source.filename,
                row_no=source.row_no,
            )
        )
        await self.session.flush()

    async def of_case(self, case_id: UUID) -> Sequence[CaseChange]:
        """The changes of a case that are no activities, in their order."""
        statement = (
            select(CaseChange)
            .where(col(CaseChange.case_id) == case_id)
            .order_by(col(CaseChange.case_version), col(CaseChange.id))
        )
        return (await self.session.exec(of_found(statement, [case_id]))).all()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that differ, each with what it was and what it is."""
    return {
        name: {"from": before[name], "to": value}
        for name, value in after.items()
        if before[name] != value and name not in STAMPS
    }
