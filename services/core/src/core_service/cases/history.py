"""Notes changes of cases as they happen."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.ids import uuid7
from common.keyset import Order, SortKey, read_id
from core_service.access.actors import Actor, mark_updated
from core_service.access.reach import of_found
from core_service.bulk import any_of, insert_rows
from core_service.cases.models import Case, CaseChange, ChangeKind
from core_service.cases.records import CaseRow
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
        row = _row(case.id, case.version, differences(before, case.model_dump()), change)
        self.session.add(CaseChange(**row, changed_at=now, changed_by=by.user_id))
        await self.session.flush()

    async def note_all(
        self, written: Iterable[tuple[CaseRow, Mapping[str, Any]]], change: Change, by: Actor
    ) -> None:
        """Note the same change of many cases, which have their next version already; each with its
        columns before.
        """
        at = {"changed_at": self.clock.now(), "changed_by": by.user_id}
        rows = [
            {
                "id": uuid7(),
                **_row(case.id, case.version, differences(before, case.columns()), change),
                **at,
            }
            for case, before in written
        ]
        await insert_rows(self.session, CaseChange, rows)

    async def changed_by(
        self, batch_id: UUID, case_ids: Collection[UUID]
    ) -> Mapping[UUID, Mapping[str, tuple[Any, Any]]]:
        """The facts that an import has changed of each case, with what they were and became."""
        statement = select(CaseChange).where(
            any_of(CaseChange.case_id, set(case_ids)),
            col(CaseChange.batch_id) == batch_id,
            col(CaseChange.kind) == ChangeKind.CHANGED,
        )
        in_order = statement.order_by(col(CaseChange.case_version), col(CaseChange.id))
        found: dict[UUID, dict[str, tuple[Any, Any]]] = defaultdict(dict)
        for change in await self.session.exec(of_found(in_order, case_ids)):
            facts = found[change.case_id]
            for name, pair in change.changes.items():
                before = facts[name][0] if name in facts else _read(name, pair["from"])
                facts[name] = (before, _read(name, pair["to"]))
        return found

    async def sealed_by_decision(self, case_ids: Collection[UUID]) -> set[UUID]:
        """Those of the cases whose last decision about a seal was to put one on.

        Another may have the seal of the file that it was received with.
        """
        decisions = (ChangeKind.SEALED, ChangeKind.UNSEALED)
        statement = select(CaseChange.case_id, CaseChange.kind).where(
            any_of(CaseChange.case_id, set(case_ids)), col(CaseChange.kind).in_(decisions)
        )
        in_order = statement.order_by(col(CaseChange.case_version), col(CaseChange.id))
        last = dict((await self.session.exec(of_found(in_order, case_ids))).all())
        return {case_id for case_id, kind in last.items() if kind == ChangeKind.SEALED}

    async def behind(
        self, case_id: UUID, after: Sequence[Any] | None, limit: int
    ) -> Sequence[CaseChange]:
        """The next changes of a case that are no activities, in their order."""
        statement = IN_ORDER.sort(select(CaseChange).where(col(CaseChange.case_id) == case_id))
        if after is not None:
            statement = IN_ORDER.after(statement, after)
        return (await self.session.exec(of_found(statement.limit(limit), [case_id]))).all()


def _row(case_id: UUID, version: int, changes: Mapping[str, Any], change: Change) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "case_version": version,
        "kind": change.kind,
        "changes": to_jsonable_python({**changes, **change.facts}),
        "reason": change.reason,
        **change.source.columns(),
    }


def _read(name: str, plain: Any) -> Any:
    """A column's value from the history's JSON."""
    kind: Any = Case.model_fields[name].annotation
    return TypeAdapter(kind).validate_python(plain)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that differ, each with what it was and what it is."""
    return {
        name: {"from": before[name], "to": value}
        for name, value in after.items()
        if before[name] != value and name not in METADATA
    }
