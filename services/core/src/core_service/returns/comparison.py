"""How rows compare with what the registry and the rest of the file hold already."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from uuid import UUID

from core_service.activities.batch import CaseBatch
from core_service.activities.records import Likeness
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber, may_be_one_filing, slips_for
from core_service.cases.records import CaseFiling, CaseRow, number_of
from core_service.returns.event_repository import Origin
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judging.chunk import Batch
from core_service.returns.judging.judgement import judge
from core_service.returns.judging.vocabulary import Vocabulary
from core_service.returns.models import RowResult
from core_service.returns.reported import ReportedEvent


@dataclass(frozen=True, slots=True)
class EventMatch:
    """What is known of a row's event before the row is applied.

    `repeated_in_file`: another row of this file has the same content. `recorded_already`: the
    registry has this content. `event_known`: the event is recorded, with whatever content.
    `superseded`: it is recorded otherwise, from a row that comes after this one;
    `superseded_in_file` when that row is of this file. `earlier` is the row that the activity was
    recorded from, where this one differs.
    """

    repeated_in_file: bool = False
    recorded_already: bool = False
    event_known: bool = False
    superseded: bool = False
    superseded_in_file: bool = False
    case: CaseRow | None = None
    activity_id: UUID | None = None
    earlier: ReportedEvent | None = None

    @property
    def result(self) -> RowResult:
        """The row's result. Contents are normalised, so spelling inflates no counter."""
        if self.repeated_in_file or self.superseded_in_file:
            return RowResult.DUPLICATE
        if self.recorded_already or self.superseded:
            return RowResult.UNCHANGED
        return RowResult.CORRECTION if self.event_known else RowResult.NEW

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The remark on a row that is not simply new."""
        match self.result:
            case RowResult.DUPLICATE if self.repeated_in_file:
                return (Issue(IssueCode.DUP_IN_FILE, "Another row of this file says the same"),)
            case RowResult.DUPLICATE:
                return (Issue(IssueCode.DUP_IN_FILE, "A later row of this file corrects this one"),)
            case RowResult.UNCHANGED if self.recorded_already:
                return (Issue(IssueCode.DUP_ROW, "An earlier file has brought this row already"),)
            case RowResult.UNCHANGED:
                return (Issue(IssueCode.DUP_ROW, "A later file has corrected this row already"),)
            case RowResult.CORRECTION:
                message = "Corrects what was recorded for this case, day, purpose and judge"
                return (Issue(IssueCode.CORRECTION, message),)
            case _:
                return ()


Key = tuple[UUID, str, str]


def _of_any_year(number: CaseNumber) -> Key:
    return number.court_id, number.caseid_type, number.number_norm


@dataclass(slots=True)
class SimilarNumbers:
    """Cases that a new number may be a slip for: of the registry, and of the rows before."""

    known: Mapping[CaseNumber, Sequence[Case]] = field(default_factory=dict)
    registered: dict[CaseNumber, CaseFiling] = field(default_factory=dict)
    years: dict[Key, list[CaseFiling]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, found: Iterable[tuple[CaseNumber, Case]]) -> "SimilarNumbers":
        """From cases of the registry, each with the number that may be a slip for its own."""
        known: dict[CaseNumber, list[Case]] = defaultdict(list)
        for number, case in found:
            known[number].append(case)
        return cls(known)

    def add(self, filing: CaseFiling) -> None:
        """Take in the case of a row that will be registered."""
        number = filing.key
        self.registered[number] = filing
        self.years[_of_any_year(number)].append(filing)

    def first(self, filing: CaseFiling) -> Case | CaseFiling | None:
        """The likeliest case that a new number may mean; of other years the earliest."""
        number = filing.key
        known = {number_of(case): case for case in self.known.get(number, ())}
        for slip in slips_for(number):
            if found := self.registered.get(slip) or known.get(slip):
                return found
        others = self.years[_of_any_year(number)]
        of_years: list[Case | CaseFiling] = [
            each for each in others if may_be_one_filing(each.filed_on, filing.filed_on)
        ]
        return min((*known.values(), *of_years), key=attrgetter("filed_on"), default=None)


@dataclass(slots=True)
class RegistryState:
    """What the registry holds of the cases that some rows name, and from which rows."""

    case_batch: CaseBatch
    vocabulary: Vocabulary
    origins: Mapping[UUID, Origin]
    """The row that each activity was recorded from."""
    last_versions: Mapping[bytes, int]
    """The row of the batch that brings the last version of each event."""
    recorded: Mapping[UUID, ReportedEvent]
    """The row of this chunk that each activity was recorded from; not in any table yet."""
    unchanged: Collection[UUID]
    """The activities that rows of this file have stated already which earlier files brought."""
    similar: SimilarNumbers = field(default_factory=SimilarNumbers)

    def compare(self, event: ReportedEvent) -> EventMatch:
        """What the registry holds of the event. Raises CaseDeleted."""
        case = self.case_batch.find(event.number)
        found = self.case_batch.match(event.number, event.content)
        activity_id = found.activity_id
        if activity_id is None:
            return EventMatch(case=case, repeated_in_file=self._restates_file(event))
        if found.likeness is Likeness.SAME and self._has_same_content(activity_id, event):
            return EventMatch(
                repeated_in_file=self._is_stated_by_file(event, activity_id),
                recorded_already=True,
                event_known=True,
                case=case,
                activity_id=activity_id,
            )
        superseded, in_file = self._superseded(event, activity_id, found.assigns_judge)
        return EventMatch(
            event_known=True,
            superseded=superseded,
            superseded_in_file=superseded and in_file,
            case=case,
            activity_id=activity_id,
            earlier=self._earlier(activity_id, event.batch),
        )

    def _earlier(self, activity_id: UUID, batch: Batch) -> ReportedEvent | None:
        """The row that the activity was recorded from, judged by the vocabulary of now.

        None when it came from no row, or from one that could not be applied any more.
        """
        if activity_id in self.recorded:
            return self.recorded[activity_id]
        origin = self.origins.get(activity_id)
        if origin is None or origin.raw is None:
            return None
        # A row without a court was sent for one, perhaps with another file than this.
        terms = replace(batch.terms, court_id=origin.court_id)
        resolved = judge(origin.raw, self.vocabulary, terms, batch.today).resolved
        return None if resolved is None else ReportedEvent.of(batch, origin.row_no, resolved)

    def _has_same_content(self, activity_id: UUID, event: ReportedEvent) -> bool:
        """Also of the case's facts, which activities do not have: their rows do."""
        origin = self.origins.get(activity_id)
        if activity_id not in self.recorded and (
            origin is None or origin.content_hash == event.digests.content
        ):
            return True
        # Judges may have been merged, or parted, since: the same words mean another judge now.
        earlier = self._earlier(activity_id, event.batch)
        return earlier is not None and (
            earlier.digests.content == event.digests.content
            or earlier.digests.says_without_judges(event.digests)
        )

    def _is_stated_by_file(self, event: ReportedEvent, activity_id: UUID) -> bool:
        """Whether another row of the event's file states the same, or this and who sat."""
        repeats = not event.content.judge_ids and activity_id in self.unchanged
        return repeats or self._is_of_file(event, activity_id)

    def _restates_file(self, event: ReportedEvent) -> bool:
        """Whether another row of the event's file has stated the same, and who sat, before that was
        corrected.
        """
        for activity_id in self.case_batch.restates_corrected(event.number, event.content):
            earlier = self._earlier(activity_id, event.batch)
            says_it = earlier is not None and earlier.digests.says_without_judges(event.digests)
            if says_it and self._is_stated_by_file(event, activity_id):
                return True
        return False

    def _is_of_file(self, event: ReportedEvent, activity_id: UUID) -> bool:
        """Whether another row of the event's file has recorded the activity."""
        origin = self.origins.get(activity_id)
        of_batch = origin is not None and origin.batch_id == event.batch.id
        return activity_id in self.recorded or of_batch

    def _superseded(
        self, event: ReportedEvent, activity_id: UUID, assigns_judge: bool
    ) -> tuple[bool, bool]:
        """Whether a row after this one has recorded the event, or will; and whether of this file.

        An event that this file brings is corrected by each of its later rows; one that was known
        before by the last alone: cumulative files bring what was corrected again. A row that
        assigns a judge is about an event that this file brings.
        """
        batch_id, row_no = event.batch.id, event.row_no
        origin = self.origins.get(activity_id)
        if origin is not None and (origin.batch_id, origin.row_no) > (batch_id, row_no):
            return True, origin.batch_id == batch_id
        if assigns_judge or self._is_of_file(event, activity_id):
            return False, False
        return self.last_versions.get(event.digests.identity, row_no) > row_no, True
