"""One row against the registry: what it would do there, and doing it."""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from common.errors import DomainError
from common.logs import get_logger
from core_service.access.courts import ALL
from core_service.activities.book import CaseBook
from core_service.activities.records import ActivityContent, ActivityRecord, Likeness, Recorded
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling
from core_service.cases.service import CaseService
from core_service.returns.batch import Batch
from core_service.returns.classification import Standing, classify, flag_issues, result_note
from core_service.returns.content import activity_content, case_filing, corrected_facts, digests
from core_service.returns.issues import Code, Issue
from core_service.returns.judgement import judge
from core_service.returns.models import ImportRow, Result
from core_service.returns.resolution import ResolvedRow
from core_service.returns.row_repository import ACCEPTED, RowRepository
from core_service.returns.said import Digests, SaidInFile
from core_service.returns.vocabulary import Vocabulary

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Statement:
    """A row that can be applied: its case, what happened, and the digests of what it says."""

    batch: Batch
    row_no: int
    resolved: ResolvedRow
    filing: CaseFiling
    number: CaseNumber
    content: ActivityContent
    digests: Digests

    @classmethod
    def of(cls, batch: Batch, row_no: int, resolved: ResolvedRow) -> "Statement":
        """The row in the registry's terms."""
        filing, content = case_filing(resolved), activity_content(resolved)
        number = filing.key
        said = digests(resolved, filing, number, content)
        return cls(batch, row_no, resolved, filing, number, content, said)

    def record(self, supersedes: UUID | None = None) -> ActivityRecord:
        """The row as an activity to record."""
        source = self.batch.source(self.row_no)
        return ActivityRecord(self.filing, self.content, source, supersedes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a row stands to the registry: to which case and activity, and from which row that is."""

    standing: Standing
    case: Case | None = None
    activity_id: UUID | None = None
    origin: ImportRow | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a row."""

    result: Result
    issues: tuple[Issue, ...]
    case_id: UUID | None = None
    activity_id: UUID | None = None


@dataclass(slots=True)
class Register:
    """What the registry holds of the cases that some rows name, and where it has that from."""

    book: CaseBook
    vocabulary: Vocabulary
    origins: Mapping[UUID, ImportRow]
    """The row that each activity was recorded from."""
    last_said: Mapping[bytes, int]
    """The last accepted row of the batch about each event."""

    def compare(self, statement: Statement) -> Comparison:
        """How the row stands to what the registry holds. Raises CaseDeleted."""
        case = self.book.find(statement.number)
        match = self.book.match(statement.number, statement.content)
        if case is None or match.activity_id is None:
            return Comparison(Standing(), case)
        origin = self.origins.get(match.activity_id)
        same = match.likeness is Likeness.SAME and self._says_the_same(origin, statement)
        standing = (
            Standing(said_before=True, event_known=True)
            if same
            else self._otherwise(statement, origin)
        )
        return Comparison(standing, case, match.activity_id, origin)

    def _says_the_same(self, origin: ImportRow | None, statement: Statement) -> bool:
        """Activities know nothing of what a row says of the case; the row they came from does."""
        if origin is None or origin.content_hash == statement.digests.content:
            return True
        # Judges may have been merged, or parted, since: the same words mean another judge now.
        batch = statement.batch
        meant = judge(origin.raw, self.vocabulary, batch.terms, batch.today).resolved
        if meant is None:
            return False
        now = Statement.of(batch, origin.row_no, meant)
        return now.digests.content == statement.digests.content

    def _otherwise(self, statement: Statement, origin: ImportRow | None) -> Standing:
        """The event is known and said otherwise: by an earlier row, or by one that comes later."""
        batch_id, row_no = statement.batch.id, statement.row_no
        if origin is not None and (origin.batch_id, origin.row_no) > (batch_id, row_no):
            here = origin.batch_id == batch_id
            return Standing(event_known=True, overtaken=True, overtaken_here=here)
        again = self.last_said.get(statement.digests.identity, row_no) > row_no
        return Standing(event_known=True, overtaken=again, overtaken_here=again)


@dataclass(frozen=True, slots=True)
class RowRecorder:
    """Compares rows with the registry and records them there."""

    rows: RowRepository
    activities: ActivityService
    cases: CaseService

    async def open(
        self, statements: Collection[Statement], vocabulary: Vocabulary, *, lock: bool
    ) -> Register:
        """What the registry holds of these rows' cases; with `lock`, to record them."""
        numbers = {statement.number for statement in statements}
        days = {statement.content.activity_on for statement in statements}
        book = await self.activities.open_book(numbers, days, lock=lock)
        origins = await self.rows.origins(book.activity_ids())
        batches = {statement.batch.id for statement in statements}
        identities = {statement.digests.identity for statement in statements}
        return Register(book, vocabulary, origins, await self.rows.last_said(batches, identities))

    async def enter(
        self, statements: Sequence[Statement], vocabulary: Vocabulary, said: SaidInFile
    ) -> dict[int, Entry]:
        """Record rows unless they are there; one that cannot be recorded harms no other."""
        try:
            async with self.rows.session.begin_nested():
                return await self._enter_all(statements, vocabulary, deepcopy(said))
        except (IntegrityError, DataError) as error:
            # Somebody else registers one of the cases, or a value does not fit: one by one the
            # others go in, and it shows which row it is.
            log.info("chunk_entered_row_by_row", error=type(error).__name__)
        entries = {}
        for statement in statements:
            entry = _repeated(statement, said) or await self._enter_alone(statement, vocabulary)
            entries[statement.row_no] = _noted(entry, statement, said)
        return entries

    async def _enter_alone(self, statement: Statement, vocabulary: Vocabulary) -> Entry:
        try:
            async with self.rows.session.begin_nested():
                entered = await self._enter_all([statement], vocabulary, SaidInFile())
                return entered[statement.row_no]
        except (IntegrityError, DataError) as error:
            return _refused(statement, error)

    async def _enter_all(
        self, statements: Sequence[Statement], vocabulary: Vocabulary, said: SaidInFile
    ) -> dict[int, Entry]:
        register = await self.open(statements, vocabulary, lock=True)
        entries = {}
        for statement in statements:
            entry = _repeated(statement, said)
            if entry is None:
                try:
                    entry = await self._enter(statement, register, vocabulary)
                except DomainError as error:
                    entry = _refused(statement, error)
            entries[statement.row_no] = _noted(entry, statement, said)
        await register.book.write()
        return entries

    async def _enter(
        self, statement: Statement, register: Register, vocabulary: Vocabulary
    ) -> Entry:
        found = register.compare(statement)
        match classify(found.standing):
            case Result.NEW:
                conflict = _filed_conflict(statement, found.case)
                recorded = register.book.record(
                    statement.number, statement.record(), statement.batch.by
                )
            case Result.CORRECTION:
                conflict = _filed_conflict(statement, found.case)
                recorded = await self._correct(statement, found, register, vocabulary)
            case _:
                return _left_alone(found, found.standing)
        flags = flag_issues(recorded.flags, statement.resolved.row.names.outcome)
        issues = (*result_note(found.standing), *conflict, *flags)
        return Entry(classify(found.standing), issues, recorded.case_id, recorded.activity_id)

    async def _correct(
        self, statement: Statement, found: Comparison, register: Register, vocabulary: Vocabulary
    ) -> Recorded:
        """Corrections are few, and touch what others have recorded: each is written by itself."""
        await register.book.write()
        try:
            async with self.rows.session.begin_nested():
                record = statement.record(supersedes=found.activity_id)
                recorded = await self.activities.record(record, statement.batch.by)
                await self._correct_case(statement, found.origin, recorded, vocabulary)
                return recorded
        finally:
            await register.book.read_again(statement.number)

    async def _correct_case(
        self,
        statement: Statement,
        origin: ImportRow | None,
        recorded: Recorded,
        vocabulary: Vocabulary,
    ) -> None:
        """Change what the corrected row had said of the case and this one says otherwise."""
        if origin is None:
            return
        batch = statement.batch
        before = judge(origin.raw, vocabulary, batch.terms, batch.today).resolved
        if before is None:
            return
        changes = corrected_facts(case_filing(before), statement.filing)
        if changes:
            case = await self.cases.lock(recorded.case_id, ALL)
            source = batch.source(statement.row_no)
            await self.cases.change(case, changes, case.version, batch.by, source)


def _left_alone(found: Comparison, standing: Standing) -> Entry:
    case_id = found.case.id if found.case is not None else None
    return Entry(classify(standing), result_note(standing), case_id, found.activity_id)


def _repeated(statement: Statement, said: SaidInFile) -> Entry | None:
    """The entry of a row that says what another of this file has said; None when none has."""
    if not said.says(statement.digests):
        return None
    standing = Standing(said_here=True)
    return Entry(classify(standing), result_note(standing))


def _noted(entry: Entry, statement: Statement, said: SaidInFile) -> Entry:
    """The entry; what an accepted row says is remembered."""
    if entry.result in ACCEPTED:
        said.add(statement.digests)
    return entry


def _refused(statement: Statement, error: Exception) -> Entry:
    log.warning("row_refused", row_no=statement.row_no, error=type(error).__name__)
    reason = error.detail if isinstance(error, DomainError) else "a value does not fit"
    issue = Issue(Code.ROW_REFUSED, f"The registry refused the row: {reason}")
    return Entry(Result.REJECTED, (issue,))


def _filed_conflict(statement: Statement, case: Case | None) -> tuple[Issue, ...]:
    filed_on = statement.resolved.row.filed_on
    if case is None or case.filed_on == filed_on:
        return ()
    message = f"The case is registered as filed on {case.filed_on}"
    value, known = filed_on.isoformat(), case.filed_on.isoformat()
    return (Issue(Code.FILED_CONFLICT, message, "filed_dd", value, known),)
