"""How rows stand to what the registry holds already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core_service.activities.batch import CaseBatch
from core_service.activities.records import ActivityContent, ActivityRecord, Likeness
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling
from core_service.returns.batch import Batch
from core_service.returns.chunk_judge import JudgedChunk
from core_service.returns.classification import Standing
from core_service.returns.content import activity_content, case_filing, digests
from core_service.returns.judgement import judge
from core_service.returns.models import ImportRow
from core_service.returns.resolution import ResolvedRow
from core_service.returns.said import Digests
from core_service.returns.vocabulary import Vocabulary


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


def statements_of(chunk: JudgedChunk) -> dict[int, Statement]:
    """The rows of a chunk that can be applied, by number and in their order."""
    return {
        row_no: Statement.of(chunk.batch, row_no, judgement.resolved)
        for row_no, judgement in chunk.judgements.items()
        if judgement.resolved is not None
    }


def identities_of(statements: Iterable[Statement]) -> set[bytes]:
    """The events that rows speak of."""
    return {statement.digests.identity for statement in statements}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a row stands to the registry: to which case and activity.

    `earlier` is the row that the activity was recorded from, where this one says otherwise.
    """

    standing: Standing
    case: Case | None = None
    activity_id: UUID | None = None
    earlier: Statement | None = None


@dataclass(slots=True)
class Register:
    """What the registry holds of the cases that some rows name, and where it has that from."""

    book: CaseBatch
    vocabulary: Vocabulary
    origins: Mapping[UUID, ImportRow]
    """The row that each activity was recorded from."""
    last_said: Mapping[bytes, int]
    """The last accepted row of the batch about each event."""
    entered: Mapping[UUID, Statement]
    """The row of this chunk that each activity was recorded from; no table knows of it yet."""

    def compare(self, statement: Statement) -> Comparison:
        """How the row stands to what the registry holds. Raises CaseDeleted."""
        case = self.book.find(statement.number)
        match = self.book.match(statement.number, statement.content)
        if case is None or match.activity_id is None:
            return Comparison(Standing(), case)
        activity_id, batch = match.activity_id, statement.batch
        if match.likeness is Likeness.SAME and self._says_the_same(activity_id, statement):
            return Comparison(Standing(said_before=True, event_known=True), case, activity_id)
        standing = self._otherwise(statement, self.origins.get(activity_id))
        return Comparison(standing, case, activity_id, self._earlier(activity_id, batch))

    def _earlier(self, activity_id: UUID, batch: Batch) -> Statement | None:
        """The row that the activity was recorded from, read as names stand now.

        None when it came from no row, or from one that could not be applied any more.
        """
        if activity_id in self.entered:
            return self.entered[activity_id]
        origin = self.origins.get(activity_id)
        if origin is None:
            return None
        meant = judge(origin.raw, self.vocabulary, batch.terms, batch.today).resolved
        return None if meant is None else Statement.of(batch, origin.row_no, meant)

    def _says_the_same(self, activity_id: UUID, statement: Statement) -> bool:
        """Activities know nothing of what a row says of the case; the row they came from does."""
        origin = self.origins.get(activity_id)
        if activity_id not in self.entered and (
            origin is None or origin.content_hash == statement.digests.content
        ):
            return True
        # Judges may have been merged, or parted, since: the same words mean another judge now.
        earlier = self._earlier(activity_id, statement.batch)
        return earlier is not None and earlier.digests.content == statement.digests.content

    def _otherwise(self, statement: Statement, origin: ImportRow | None) -> Standing:
        """The event is known and said otherwise: by an earlier row, or by one that comes later."""
        batch_id, row_no = statement.batch.id, statement.row_no
        if origin is not None and (origin.batch_id, origin.row_no) > (batch_id, row_no):
            here = origin.batch_id == batch_id
            return Standing(event_known=True, overtaken=True, overtaken_here=here)
        again = self.last_said.get(statement.digests.identity, row_no) > row_no
        return Standing(event_known=True, overtaken=again, overtaken_here=again)
