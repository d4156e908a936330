"""A session that notes what it writes: no service can change a record and leave no trace.

Events are written in the transaction of the change: both are there or neither is. Nothing is noted
outside a request or a command: what an import does is told by its rows.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Insert, event
from sqlalchemy.engine import Result
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session

from common import context
from common.identity import Role
from core_service.assignments.models import AssignmentOrigin, CaseJudgeAssignment
from core_service.audit.acting import Acting, acting
from core_service.audit.models import AuditAction, AuditEvent
from core_service.audit.notes import Note, note_of
from core_service.cases.models import Case
from core_service.hearings.models import Hearing
from core_service.tables import Record

NOTES: Final = "audit_notes"


class AuditedSession(Session):
    """The synchronous session under core's asynchronous ones."""


@event.listens_for(AuditedSession, "before_flush")
def note_changes(session: OrmSession, _context: UOWTransaction, _instances: object) -> None:
    """Note the rows that are about to be written."""
    if acting.get() is None:
        return
    for action, rows in (
        (AuditAction.CREATE, session.new),
        (AuditAction.UPDATE, session.dirty),
        (AuditAction.DELETE, session.deleted),
    ):
        for row in rows:
            if isinstance(row, Record) and not _follows_from_others(row):
                note = note_of(action, row)
                if action is not AuditAction.UPDATE or note.changes or note.version_before:
                    _keep(session, note)


@event.listens_for(AuditedSession, "do_orm_execute")
def note_inserts(state: ORMExecuteState) -> Result[Any] | None:
    """Note rows that a statement inserts and names."""
    mapper = state.bind_mapper
    if acting.get() is None or mapper is None or not state.is_insert:
        return None
    if not issubclass(mapper.class_, Record):
        return None
    statement = state.statement
    if not isinstance(statement, Insert) or not statement.exported_columns:
        return None
    court_id = statement.compile(dialect=state.session.get_bind().dialect).params.get("court_id")
    frozen = state.invoke_statement().freeze()
    for row_id in frozen().scalars():
        entity = str(mapper.class_.__tablename__)
        _keep(state.session, Note(AuditAction.CREATE, entity, row_id, court_id, version_after=1))
    return frozen()


@event.listens_for(AuditedSession, "loaded_as_persistent")
def note_sealed_read(session: OrmSession, row: object) -> None:
    """Note that an administrator sees a sealed case."""
    doing = acting.get()
    if doing is None or not isinstance(row, Case) or not row.sealed:
        return
    if doing.principal.has_role(Role.ADMIN):
        _keep(session, Note(AuditAction.READ, Case.__tablename__, row.id, row.court_id))


@event.listens_for(AuditedSession, "after_soft_rollback")
def forget_undone(session: OrmSession, undone: SessionTransaction) -> None:
    """What a savepoint takes back did not happen."""
    kept: dict[Any, Note] = session.info.get(NOTES, {})
    session.info[NOTES] = {
        key: note for key, note in kept.items() if undone.nested and note.savepoint is not undone
    }


@event.listens_for(AuditedSession, "before_commit")
def write_events(session: OrmSession) -> None:
    """Write what was noted, as a part of the transaction."""
    doing = acting.get()
    if doing is None or session.in_nested_transaction():
        return
    session.flush()
    notes: dict[Any, Note] = session.info.pop(NOTES, {})
    events = [_event(doing, note) for note in notes.values()]
    if not events:
        return
    if session.connection().get_execution_options().get("postgresql_readonly"):
        # A snapshot cannot write: what was read in it is noted beside it.
        with OrmSession(session.get_bind()) as beside, beside.begin():
            beside.add_all(events)
    else:
        session.add_all(events)


def _follows_from_others(row: Record) -> bool:
    if isinstance(row, CaseJudgeAssignment):
        return row.origin is AssignmentOrigin.BENCH
    return isinstance(row, Hearing) and not row.is_manual


def _keep(session: OrmSession, note: Note) -> None:
    notes: dict[Any, Note] = session.info.setdefault(NOTES, {})
    note.savepoint = session.get_nested_transaction()
    key = (note.entity, note.entity_id, note.savepoint)
    known = notes.get(key)
    if known is None or known.action is AuditAction.READ:
        notes[key] = note
    elif note.action is not AuditAction.READ:
        known.then(note)


def _event(doing: Acting, note: Note) -> AuditEvent:
    principal = doing.principal
    return AuditEvent(
        occurred_at=datetime.now(UTC),
        action=note.action,
        entity=note.entity,
        entity_id=note.entity_id,
        court_id=note.court_id,
        operation=doing.operation,
        actor_id=principal.user_id,
        client_id=principal.client_id,
        ip=principal.ip,
        request_id=context.request_id.get(),
        version_before=note.version_before,
        version_after=note.version_after,
        changes=note.plain(),
    )
