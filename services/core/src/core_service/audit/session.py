"""A session that notes what it writes: no service can change a record and leave no trace.

Events are written in the transaction of the change: both are there or neither is. Nothing is noted
outside a request, a command or a job.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Insert, event
from sqlalchemy.engine import Result
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import col, select

from common.database import Database
from common.identity import Role
from core_service.access.guard import GuardedSession, install
from core_service.access.reach import registry_wide
from core_service.assignments.models import AssignmentOrigin, CaseJudgeAssignment
from core_service.audit.acting import Acting, acting
from core_service.audit.models import AuditAction, AuditEvent
from core_service.audit.notes import Note, note_of
from core_service.cases.models import Case
from core_service.hearings.models import Hearing
from core_service.tables import Record

NOTES: Final = "audit_notes"
# How SQLAlchemy names the parameters of an INSERT with several rows: `label_m3`.
MANY: Final = "_m"


class UnseenChangeError(Exception):
    """A statement would change audited rows without saying which: a fault of the code."""


class AuditedSession(GuardedSession):
    """The synchronous session under core's asynchronous ones."""


def audited_database(url: str) -> Database:
    """A database whose sessions note changes, and which refuses statements without a reach."""
    database = Database.connect(url)
    database.sessions.configure(sync_session_class=AuditedSession)
    install(database.engine)
    return database


@event.listens_for(AuditedSession, "before_flush")
def note_changes(session: OrmSession, _context: UOWTransaction, _instances: object) -> None:
    """Note the rows that are about to be written."""
    doing = acting.get()
    if doing is None:
        return
    for action, rows in (
        (AuditAction.CREATE, session.new),
        (AuditAction.UPDATE, session.dirty),
        (AuditAction.DELETE, session.deleted),
    ):
        for row in rows:
            if not isinstance(row, Record) or not doing.tells_of(str(row.__tablename__)):
                continue
            if not _follows_from_others(row):
                note = note_of(action, row)
                if action is not AuditAction.UPDATE or note.changes or note.version_before:
                    _keep(session, note)


@event.listens_for(AuditedSession, "do_orm_execute")
def note_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Note rows that a statement inserts; refuse one that would change rows unseen."""
    mapper, doing = state.bind_mapper, acting.get()
    if doing is None or mapper is None or not issubclass(mapper.class_, Record):
        return None
    entity = str(mapper.class_.__tablename__)
    if not doing.tells_of(entity):
        return None
    if state.is_update or state.is_delete:
        raise UnseenChangeError(f"Change the rows of {entity} one by one, or say what changes")
    statement = state.statement
    if not isinstance(statement, Insert):
        return None
    if not statement.exported_columns:
        raise UnseenChangeError(f"Let the statement return the IDs that it adds to {entity}")
    sent = _rows_sent(state, statement)
    frozen = state.invoke_statement().freeze()
    for row_id in frozen().scalars():
        row = mapper.class_(**sent[row_id])  # with the defaults of what was not sent
        _keep(state.session, note_of(AuditAction.CREATE, row))
    return frozen()


def _rows_sent(state: ORMExecuteState, statement: Insert) -> dict[UUID, dict[str, Any]]:
    """The rows of an INSERT by ID: those of its VALUES, one or many."""
    dialect = state.session.get_bind().dialect
    named = statement.compile(dialect=dialect).params
    rows: dict[int, dict[str, Any]] = {}
    for name, value in named.items():
        column, _, number = name.rpartition(MANY)
        row = rows.setdefault(int(number) if column else 0, {})
        if value is not None:  # a default is not known yet
            row[column or name] = value
    return {row["id"]: row for row in rows.values()}


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
    if not notes:
        return
    _fill_in_courts(session, notes.values())
    events = [_event(doing, note) for note in notes.values()]
    if session.connection().get_execution_options().get("postgresql_readonly"):
        # A snapshot cannot write: what was read in it is noted beside it.
        with OrmSession(session.get_bind()) as beside, beside.begin():
            beside.add_all(events)
    else:
        session.add_all(events)


def _fill_in_courts(session: OrmSession, notes: Iterable[Note]) -> None:
    """Put down what has no court of its own to its case's."""
    courtless = [note for note in notes if note.court_id is None and note.case_id is not None]
    if not courtless:
        return
    of_cases = col(Case.id).in_({note.case_id for note in courtless})
    statement = registry_wide(select(Case.id, Case.court_id).where(of_cases), "for the audit")
    found = session.connection().execute(statement)
    courts = dict(found.all())
    for note in courtless:
        note.court_id = courts.get(note.case_id) if note.case_id else None


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
    return AuditEvent(
        **doing.put_down(),
        action=note.action,
        entity=note.entity,
        entity_id=note.entity_id,
        court_id=note.court_id,
        version_before=note.version_before,
        version_after=note.version_after,
        changes=note.plain(),
    )
