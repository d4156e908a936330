"""A chunk of rows into the registry: what is new or corrects is recorded, the rest left alone."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from common.errors import DomainError
from common.logs import get_logger
from core_service.activities.records import Recorded
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL
from core_service.returns.chunk_judge import JudgedChunk
from core_service.returns.classification import Standing, classify, flag_issues, result_note
from core_service.returns.comparison import Comparison, Register, Statement, identities_of
from core_service.returns.content import corrected_facts
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.models import RowResult
from core_service.returns.row_repository import ACCEPTED, RECORDED, RowRepository
from core_service.returns.said import SaidInFile

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a row."""

    result: RowResult
    issues: tuple[Issue, ...]
    case_id: UUID | None = None
    activity_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the rows before the next one have said, and which of this chunk's recorded what."""

    said: SaidInFile
    entered: dict[UUID, Statement] = field(default_factory=dict)

    def repeated(self, statement: Statement) -> Entry | None:
        """The entry of a row that says what another of this file has said; None when none has."""
        if not self.said.says(statement.digests):
            return None
        standing = Standing(said_here=True)
        return Entry(classify(standing), result_note(standing))

    def note(self, statement: Statement, entry: Entry) -> Entry:
        """The entry; what an accepted row says, and what was recorded from it, is remembered."""
        if entry.result in ACCEPTED:
            self.said.add(statement.digests)
        if entry.result in RECORDED and entry.activity_id is not None:
            self.entered[entry.activity_id] = statement
        return entry


@dataclass(frozen=True, slots=True)
class RowRecorder:
    """Compares rows with the registry and records them there."""

    rows: RowRepository
    activities: ActivityService
    cases: CaseService

    async def open(
        self,
        chunk: JudgedChunk,
        statements: Collection[Statement],
        entered: Mapping[UUID, Statement],
        *,
        lock: bool,
    ) -> Register:
        """What the registry holds of these rows' cases; with `lock`, to record them.

        `entered` are the rows of the chunk that activities have been recorded from so far.
        """
        numbers = {statement.number for statement in statements}
        days = {statement.content.activity_on for statement in statements}
        book = await self.activities.open_batch(numbers, days, lock=lock)
        origins = await self.rows.origins(book.activity_ids())
        last_said = await self.rows.last_said(chunk.batch.id, identities_of(statements))
        return Register(book, chunk.vocabulary, origins, last_said, entered)

    async def case_ids(self, numbers: Collection[CaseNumber]) -> dict[CaseNumber, UUID]:
        """The cases with these numbers, deleted ones too."""
        found = await self.cases.numbered(numbers, lock=False)
        return {number: case.id for number, case in found.items()}

    async def enter(
        self, chunk: JudgedChunk, statements: Collection[Statement], said: SaidInFile
    ) -> dict[int, Entry]:
        """Record rows unless they are there; one that cannot be recorded harms no other."""
        try:
            return await self._enter_all(chunk, statements, Told(deepcopy(said)))
        except (IntegrityError, DataError) as error:
            # Somebody else registers one of the cases, or a value does not fit: one by one the
            # others go in, and it shows which row it is.
            log.info("chunk_entered_row_by_row", error=type(error).__name__)
        # In the order of everybody, since the rows take them in the order of the file.
        await self.cases.numbered({statement.number for statement in statements}, lock=True)
        entries, told = {}, Told(said)
        for statement in statements:
            entry = told.repeated(statement)
            entry = entry or await self._enter_alone(chunk, statement, told.entered)
            entries[statement.row_no] = told.note(statement, entry)
        return entries

    async def _enter_alone(
        self, chunk: JudgedChunk, statement: Statement, entered: Mapping[UUID, Statement]
    ) -> Entry:
        async def attempt() -> Entry:
            told = Told(SaidInFile(), dict(entered))
            return (await self._enter_all(chunk, [statement], told))[statement.row_no]

        try:
            with suppress(IntegrityError):
                return await attempt()
            # Somebody else was registering the case meanwhile: now it is there to be found.
            return await attempt()
        except (IntegrityError, DataError) as error:
            return _refused(statement, error)

    async def _enter_all(
        self, chunk: JudgedChunk, statements: Collection[Statement], told: Told
    ) -> dict[int, Entry]:
        """Record rows together: all of them or, when it raises, none."""
        async with self.rows.session.begin_nested():
            register = await self.open(chunk, statements, told.entered, lock=True)
            entries = {}
            for statement in statements:
                entry = told.repeated(statement)
                if entry is None:
                    try:
                        entry = await self._enter(statement, register)
                    except DomainError as error:
                        entry = _refused(statement, error)
                entries[statement.row_no] = told.note(statement, entry)
            await register.book.write()
        return entries

    async def _enter(self, statement: Statement, register: Register) -> Entry:
        found = register.compare(statement)
        match classify(found.standing):
            case RowResult.NEW:
                conflict = _filed_conflict(statement, found.case)
                recorded = await register.book.record(
                    statement.number, statement.record(), statement.batch.by
                )
            case RowResult.CORRECTION:
                conflict = _filed_conflict(statement, found.case)
                recorded = await self._correct(statement, found, register)
            case _:
                return _left_alone(found, found.standing)
        flags = flag_issues(recorded.flags, statement.resolved.row.names.outcome)
        issues = (*result_note(found.standing), *conflict, *flags)
        return Entry(classify(found.standing), issues, recorded.case_id, recorded.activity_id)

    async def _correct(
        self, statement: Statement, found: Comparison, register: Register
    ) -> Recorded:
        """Corrections are few, and touch what others have recorded: each is written by itself."""
        await register.book.write()
        try:
            async with self.rows.session.begin_nested():
                record = statement.record(supersedes=found.activity_id)
                recorded = await self.activities.record(record, statement.batch.by)
                if found.earlier is not None:
                    await self._correct_case(statement, found.earlier, recorded.case_id)
                return recorded
        finally:
            await register.book.load([statement.number], lock=True)

    async def _correct_case(self, statement: Statement, earlier: Statement, case_id: UUID) -> None:
        """Change what the corrected row had said of the case and this one says otherwise."""
        changes = corrected_facts(earlier.filing, statement.filing)
        if changes:
            case = await self.cases.lock(case_id, ALL)
            batch = statement.batch
            source = batch.source(statement.row_no)
            await self.cases.change_locked(case, changes, batch.by, source)


def _left_alone(found: Comparison, standing: Standing) -> Entry:
    case_id = found.case.id if found.case is not None else None
    return Entry(classify(standing), result_note(standing), case_id, found.activity_id)


def _refused(statement: Statement, error: Exception) -> Entry:
    log.warning("row_refused", row_no=statement.row_no, error=type(error).__name__)
    reason = error.detail if isinstance(error, DomainError) else "a value does not fit"
    issue = Issue(IssueCode.ROW_REFUSED, f"The registry refused the row: {reason}")
    return Entry(RowResult.REJECTED, (issue,))


def _filed_conflict(statement: Statement, case: Case | None) -> tuple[Issue, ...]:
    filed_on = statement.resolved.row.filed_on
    if case is None or case.filed_on == filed_on:
        return ()
    message = f"The case is registered as filed on {case.filed_on}"
    value, known = filed_on.isoformat(), case.filed_on.isoformat()
    return (Issue(IssueCode.FILED_CONFLICT, message, "filed_dd", value, known),)
