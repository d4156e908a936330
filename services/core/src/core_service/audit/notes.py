"""Changes of rows in one transaction, gathered flush by flush."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import inspect

from core_service.audit.models import AuditAction
from core_service.tables import Record

# They change with every change, or mean nothing to a reader.
NOT_AUDITED: Final = frozenset(
    {"id", "created_at", "created_by", "updated_at", "updated_by", "version", "content_hash"}
)


@dataclass(slots=True)
class Note:
    """One row's change; rolling back `savepoint` undoes it.

    A row without a court belongs to the court of its case, `case_id`.
    """

    action: AuditAction
    entity: str
    entity_id: UUID
    court_id: UUID | None = None
    case_id: UUID | None = None
    version_before: int | None = None
    version_after: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    savepoint: object = None

    def merge(self, later: "Note") -> None:
        """Add a later change of the same row."""
        for name, (before, after) in later.changes.items():
            first = self.changes.get(name, (before, after))[0]
            self.changes[name] = (first, after)
        if self.action is AuditAction.UPDATE and self.version_before is None:
            self.version_before = later.version_before
        self.version_after = later.version_after or self.version_after
        if later.action is AuditAction.DELETE:
            self.action = AuditAction.DELETE

    def net_changes(self) -> dict[str, Any]:
        """The changes as JSON, without those that were changed back."""
        real = {name: pair for name, pair in self.changes.items() if pair[0] != pair[1]}
        changes: dict[str, Any] = to_jsonable_python(real)
        return changes


def note_of(action: AuditAction, row: Record) -> Note:
    """What is about to be written of a row."""
    note = Note(action, str(row.__tablename__), row.id, row.audit_court_id)
    note.case_id, note.version_after = getattr(row, "case_id", None), row.version
    if action is AuditAction.DELETE:
        note.version_before, note.version_after = row.version, None
        note.changes = {
            name: (value, None)
            for name, value in row.model_dump().items()
            if name not in NOT_AUDITED and value is not None
        }
        return note
    for name, before, after in _differences(row):
        if name == "version":
            note.version_before = before
        if name not in NOT_AUDITED:
            note.changes[name] = (before, after)
    return note


def _differences(row: Record) -> Iterator[tuple[str, Any, Any]]:
    state = inspect(row)
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if history.has_changes():
            before = history.deleted[0] if history.deleted else None
            after = history.added[0] if history.added else None
            if before != after:
                yield column.key, before, after
