"""A session that notes what it writes: no service can change a record without an event.

Events are written in the transaction of the change. Nothing is noted outside a request, a command
or a job.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import Insert, event, inspect
from sqlalchemy.engine import Result
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session

from common.identity import Role
from core_service.audit.acting import Acting, acting
from core_service.audit.models import AuditAction, AuditEvent
from core_service.tables import Record

# They change with every change, or mean nothing to a reader.
NOT_AUDITED: Final = frozenset(
    {"id", "created_at", "created_by", "updated_at", "updated_by", "version", "content_hash"}
)
NOTES: Final = "audit_notes"
# How SQLAlchemy names the parameters of an INSERT with several rows: `label_m3`.
ROW_SUFFIX: Final = "_m"


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


class UnseenChangeError(Exception):
    """A statement would change audited rows without naming them: a programming error."""


class AuditedSession(Session):
    """A session that notes changes of records."""

    def courts_of_cases(self, case_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        """The court of each case, for events of rows without a court."""
        raise NotImplementedError


@event.listens_for(AuditedSession, "before_flush")
def note_changes(session: OrmSession, _context: UOWTransaction, _instances: object) -> None:
    """Note the rows that are about to be written."""
    current = acting.get()
    if current is None:
        return
    for action, rows in (
        (AuditAction.CREATE, session.new),
        (AuditAction.UPDATE, session.dirty),
        (AuditAction.DELETE, session.deleted),
    ):
        for row in rows:
            if not isinstance(row, Record) or not current.covers(str(row.__tablename__)):
                continue
            if row.is_derived:
                continue
            note = note_of(action, row)
            if action is not AuditAction.UPDATE or note.changes or note.version_before:
                _add(session, note)


@event.listens_for(AuditedSession, "do_orm_execute")
def note_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Note rows that a statement inserts; refuse one whose changes cannot be noted."""
    mapper, current = state.bind_mapper, acting.get()
    if current is None or mapper is None or not issubclass(mapper.class_, Record):
        return None
    entity = str(mapper.class_.__tablename__)
    if not current.covers(entity):
        return None
    if state.is_update or state.is_delete:
        raise UnseenChangeError(f"Change the rows of {entity} one by one, or note them by a SELECT")
    statement = state.statement
    if not isinstance(statement, Insert):
        return None
    if not statement.exported_columns:
        raise UnseenChangeError(f"The statement must return the IDs that it adds to {entity}")
    sent = _rows_sent(state, statement)
    frozen = state.invoke_statement().freeze()
    for row_id in frozen().scalars():
        row = mapper.class_(**sent[row_id])  # with the defaults of what was not sent
        _add(state.session, note_of(AuditAction.CREATE, row))
    return frozen()


def _rows_sent(state: ORMExecuteState, statement: Insert) -> dict[UUID, dict[str, Any]]:
    """The rows of an INSERT by ID: those of its VALUES, one or many."""
    dialect = state.session.get_bind().dialect
    named = statement.compile(dialect=dialect).params
    rows: dict[int, dict[str, Any]] = {}
    for name, value in named.items():
        column, _, number = name.rpartition(ROW_SUFFIX)
        row = rows.setdefault(int(number) if column else 0, {})
        if value is not None:  # a default is not known yet
            row[column or name] = value
    return {row["id"]: row for row in rows.values()}


@event.listens_for(AuditedSession, "loaded_as_persistent")
def note_sealed_read(session: OrmSession, row: object) -> None:
    """Note that an administrator sees a sealed case."""
    current = acting.get()
    if current is None or not isinstance(row, Record) or not getattr(row, "sealed", False):
        return
    if current.principal.has_role(Role.ADMIN):
        _add(session, Note(AuditAction.READ, str(row.__tablename__), row.id, row.audit_court_id))


@event.listens_for(AuditedSession, "after_soft_rollback")
def forget_undone(session: OrmSession, undone: SessionTransaction) -> None:
    """Drop the notes of a savepoint that was rolled back."""
    notes: dict[Any, Note] = session.info.get(NOTES, {})
    session.info[NOTES] = {
        key: note for key, note in notes.items() if undone.nested and note.savepoint is not undone
    }


@event.listens_for(AuditedSession, "before_commit")
def write_events(session: AuditedSession) -> None:
    """Write what was noted, as a part of the transaction."""
    current = acting.get()
    if current is None or session.in_nested_transaction():
        return
    session.flush()
    notes: dict[Any, Note] = session.info.pop(NOTES, {})
    if not notes:
        return
    courtless = {note.case_id for note in notes.values() if note.case_id and note.court_id is None}
    courts = session.courts_of_cases(courtless) if courtless else {}
    events = [_event(current, note, courts) for note in notes.values()]
    if session.connection().get_execution_options().get("postgresql_readonly"):
        # A snapshot cannot write: its reads are noted in a separate transaction.
        with OrmSession(session.get_bind()) as writable, writable.begin():
            writable.add_all(events)
    else:
        session.add_all(events)


def _add(session: OrmSession, note: Note) -> None:
    notes: dict[Any, Note] = session.info.setdefault(NOTES, {})
    note.savepoint = session.get_nested_transaction()
    key = (note.entity, note.entity_id, note.savepoint)
    earlier = notes.get(key)
    if earlier is None or earlier.action is AuditAction.READ:
        notes[key] = note
    elif note.action is not AuditAction.READ:
        earlier.merge(note)


def _event(current: Acting, note: Note, courts: Mapping[UUID, UUID]) -> AuditEvent:
    """The event, without changes that were changed back; without a court, with that of its case."""
    real = {name: pair for name, pair in note.changes.items() if pair[0] != pair[1]}
    return AuditEvent(
        **current.columns(),
        action=note.action,
        entity=note.entity,
        entity_id=note.entity_id,
        court_id=note.court_id or (courts.get(note.case_id) if note.case_id else None),
        version_before=note.version_before,
        version_after=note.version_after,
        changes=to_jsonable_python(real),
    )
