"""One row against the registry: what it would do there, and doing it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from common.errors import DomainError
from common.logs import get_logger
from core_service.access.courts import ALL
from core_service.activities.records import ActivityRecord, Likeness, Recorded
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.returns.batch import Batch
from core_service.returns.classification import Standing, classify, flag_issues, result_note
from core_service.returns.content import activity_content, case_filing, corrected_facts
from core_service.returns.issues import Code, Issue
from core_service.returns.judgement import judge
from core_service.returns.models import ImportRow, Result
from core_service.returns.resolution import ResolvedRow
from core_service.returns.row_repository import RowRepository
from core_service.returns.said import Digests
from core_service.returns.vocabulary import Vocabulary

WRITTEN = (Result.NEW, Result.CORRECTION)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Statement:
    """A row that can be applied, with the digests of what it says."""

    batch: Batch
    row_no: int
    resolved: ResolvedRow
    digests: Digests

    def record(self, case: UUID | None = None, supersedes: UUID | None = None) -> ActivityRecord:
        """The row as an activity to record, of a known case or of whichever it names."""
        return ActivityRecord(
            case or case_filing(self.resolved),
            activity_content(self.resolved),
            self.batch.source(self.row_no),
            supersedes,
        )


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


@dataclass(frozen=True, slots=True)
class RowRecorder:
    """Compares rows with the registry and records them there."""

    rows: RowRepository
    activities: ActivityService
    cases: CaseService

    async def compare(self, statement: Statement) -> Comparison:
        """How the row stands to what the registry holds; nothing is written."""
        case = await self.cases.find(case_filing(statement.resolved))
        if case is None:
            return Comparison(Standing())
        match = await self.activities.match(statement.record(case.id))
        if match.activity_id is None:
            return Comparison(Standing(), case)
        origin = await self.rows.origin(match.activity_id)
        same = match.likeness is Likeness.SAME and _says_the_same(origin, statement)
        standing = (
            Standing(said_before=True, event_known=True)
            if same
            else await self._otherwise(statement, origin)
        )
        return Comparison(standing, case, match.activity_id, origin)

    async def enter(self, statement: Statement, vocabulary: Vocabulary) -> Entry:
        """Record the row unless it is there; a row that cannot be recorded harms no other."""
        try:
            async with self.rows.session.begin_nested():
                return await self._enter(statement, vocabulary)
        except (DomainError, IntegrityError, DataError) as error:
            log.warning("row_refused", row_no=statement.row_no, error=type(error).__name__)
            reason = error.detail if isinstance(error, DomainError) else "a value does not fit"
            issue = Issue(Code.ROW_REFUSED, f"The registry refused the row: {reason}")
            return Entry(Result.REJECTED, (issue,))

    async def _enter(self, statement: Statement, vocabulary: Vocabulary) -> Entry:
        found = await self.compare(statement)
        if classify(found.standing) not in WRITTEN:
            return _left_alone(found, found.standing)
        conflict = _filed_conflict(statement, found.case)
        recorded, standing = await self._write(statement, found)
        if recorded is None:
            return _left_alone(found, standing)
        await self._correct_case(statement, found.origin, recorded, vocabulary)
        flags = flag_issues(recorded.flags, statement.resolved.row.names.outcome)
        issues = (*result_note(standing), *conflict, *flags)
        return Entry(classify(standing), issues, recorded.case_id, recorded.activity_id)

    async def _otherwise(self, statement: Statement, origin: ImportRow | None) -> Standing:
        """The event is known and said otherwise: by an earlier row, or by one that comes later."""
        batch_id, row_no = statement.batch.id, statement.row_no
        if origin is not None and (origin.batch_id, origin.row_no) > (batch_id, row_no):
            here = origin.batch_id == batch_id
            return Standing(event_known=True, overtaken=True, overtaken_here=here)
        again = await self.rows.repeated_later(batch_id, statement.digests.identity, row_no)
        return Standing(event_known=True, overtaken=again, overtaken_here=again)

    async def _write(
        self, statement: Statement, found: Comparison
    ) -> tuple[Recorded | None, Standing]:
        by = statement.batch.by
        applied = await self.activities.apply(statement.record(), by)
        likeness = applied.match.likeness
        if applied.recorded is not None:
            return applied.recorded, Standing(event_known=likeness is Likeness.CORRECTION)
        if found.activity_id is None or found.activity_id != applied.match.activity_id:
            # Somebody else recorded it since we looked.
            return None, Standing(said_before=True, event_known=True)
        # What happened is as before; what the row says of the case is not.
        record = statement.record(supersedes=found.activity_id)
        return await self.activities.record(record, by), Standing(event_known=True)

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
        changes = corrected_facts(case_filing(before), case_filing(statement.resolved))
        if changes:
            case = await self.cases.lock(recorded.case_id, ALL)
            source = batch.source(statement.row_no)
            await self.cases.change(case, changes, case.version, batch.by, source)


def _left_alone(found: Comparison, standing: Standing) -> Entry:
    case_id = found.case.id if found.case is not None else None
    return Entry(classify(standing), result_note(standing), case_id, found.activity_id)


def _says_the_same(origin: ImportRow | None, statement: Statement) -> bool:
    """Activities know nothing of what a row says of the case; the row they came from does."""
    return origin is None or origin.content_hash == statement.digests.content


def _filed_conflict(statement: Statement, case: Case | None) -> tuple[Issue, ...]:
    filed_on = statement.resolved.row.filed_on
    if case is None or case.filed_on == filed_on:
        return ()
    message = f"The case is registered as filed on {case.filed_on}"
    value, known = filed_on.isoformat(), case.filed_on.isoformat()
    return (Issue(Code.FILED_CONFLICT, message, "filed_dd", value, known),)
