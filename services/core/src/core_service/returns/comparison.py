"""How rows compare with what the registry and the rest of the file hold already."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import Any, Final
from uuid import UUID

from core_service.activities.batch import CaseBatch
from core_service.activities.records import ActivityContent, ActivityRecord, Likeness
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber, may_be_one_filing, slips_for
from core_service.cases.records import CaseFiling, CaseRow, OriginalCase, PartyCounts
from core_service.reference.models import Cadre
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judging.chunk import Batch, JudgedChunk
from core_service.returns.judging.judgement import judge
from core_service.returns.judging.resolution import ResolvedRow
from core_service.returns.judging.vocabulary import Vocabulary
from core_service.returns.models import RowResult
from core_service.returns.row_repository import Origin


@dataclass(frozen=True, slots=True)
class Digests:
    """Which event a row is about, and its whole content; both after normalising.

    The event is case, day, purpose and lead judge; the content is all that the row tells, of the
    case as well as of the day. `unassigned` are the two of the same row with no judge assigned yet.
    """

    identity: bytes
    content: bytes
    unassigned: tuple[bytes, bytes] | None = None

    @property
    def event_unassigned(self) -> bytes:
        """The event with no judge assigned yet; the same one for a row that names none."""
        return self.identity if self.unassigned is None else self.unassigned[0]

    def says_without_judges(self, other: "Digests") -> bool:
        """Whether the other row says just this, but for who sat."""
        return self.unassigned == (other.identity, other.content)


@dataclass(slots=True)
class SeenInFile:
    """The rows of one file so far that can be applied, by event; grows row by row.

    `recorded` are the events that are new or corrected as one of these rows tells them.
    """

    contents: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    unassigned: set[tuple[bytes, bytes]] = field(default_factory=set)
    recorded: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, known: Iterable[tuple[bytes | None, bytes | None, bool]]) -> "SeenInFile":
        """From the digests of stored rows, and whether each is recorded."""
        seen = cls()
        for identity, content, recorded in known:
            seen.add(Digests(identity or b"", content or b""), recorded=recorded)
        return seen

    def copy(self) -> "SeenInFile":
        """The same rows, to which others can be added."""
        contents = {identity: set(found) for identity, found in self.contents.items()}
        return SeenInFile(defaultdict(set, contents), set(self.unassigned), set(self.recorded))

    def add(self, digests: Digests, *, recorded: bool = False) -> None:
        """Add a row."""
        if recorded:
            if self._assigns_judge(digests):
                self.recorded.discard(digests.event_unassigned)
            self.recorded.add(digests.identity)
        self.contents[digests.identity].add(digests.content)
        if digests.unassigned is not None:
            self.unassigned.add(digests.unassigned)

    def has_event(self, digests: Digests) -> bool:
        """Whether a row was about the same event."""
        return digests.identity in self.contents

    def brings(self, digests: Digests) -> bool:
        """Whether the event is recorded from a row, perhaps with no judge assigned yet."""
        return digests.identity in self.recorded or self._assigns_judge(digests)

    def has_row(self, digests: Digests) -> bool:
        """Whether a row had the same content, or the same and who sat."""
        content = (digests.identity, digests.content)
        return self._has(*content) or content in self.unassigned

    def _assigns_judge(self, digests: Digests) -> bool:
        if digests.unassigned is None or digests.identity in self.recorded:
            return False
        identity, content = digests.unassigned
        return identity in self.recorded and self._has(identity, content)

    def _has(self, identity: bytes, content: bytes) -> bool:
        return content in self.contents.get(identity, ())


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """A row that can be applied: its case, what happened, and its digests."""

    batch: Batch
    row_no: int
    resolved: ResolvedRow
    filing: CaseFiling
    number: CaseNumber
    content: ActivityContent
    digests: Digests

    @classmethod
    def of(cls, batch: Batch, row_no: int, resolved: ResolvedRow) -> "ReportedEvent":
        """The row in the registry's terms."""
        filing, content = case_filing(resolved), activity_content(resolved)
        number = filing.key
        digests = digests_of(resolved, filing, number, content)
        return cls(batch, row_no, resolved, filing, number, content, digests)

    @property
    def overrules_case(self) -> bool:
        """Whether the case takes counts from this activity that it was registered with."""
        content = self.content
        return content.custody_count is not None or content.legal_representation is not None

    def record(self, supersedes: UUID | None = None) -> ActivityRecord:
        """The row as an activity to record."""
        source = self.batch.source(self.row_no)
        return ActivityRecord(self.filing, self.content, source, supersedes)


def events_of(chunk: JudgedChunk) -> dict[int, ReportedEvent]:
    """The rows of a chunk that can be applied, by number and in their order."""
    return {
        row_no: ReportedEvent.of(chunk.batch, row_no, judgement.resolved)
        for row_no, judgement in chunk.judgements.items()
        if judgement.resolved is not None
    }


def identities_of(events: Iterable[ReportedEvent]) -> set[bytes]:
    """The identity digests of events, also of those in which no judge was assigned yet."""
    digests = [event.digests for event in events]
    return {each.identity for each in digests} | {each.event_unassigned for each in digests}


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


@dataclass(slots=True)
class SimilarNumbers:
    """Cases that a new number may be a slip for: of the registry, and of the rows before."""

    known: Mapping[CaseNumber, Case] = field(default_factory=dict)
    registered: dict[CaseNumber, CaseFiling] = field(default_factory=dict)
    years: dict[CaseNumber, list[CaseFiling]] = field(default_factory=lambda: defaultdict(list))

    def add(self, filing: CaseFiling) -> None:
        """Take in the case of a row that will be registered."""
        self.registered[filing.key] = filing
        self.years[replace(filing.key, filed_year=0)].append(filing)

    def first(self, filing: CaseFiling) -> Case | CaseFiling | None:
        """A case that the number of a new one may mean."""
        number = filing.key
        slips = (self.registered.get(slip) for slip in slips_for(number))
        others = self.years[replace(number, filed_year=0)]
        of_years = (each for each in others if may_be_one_filing(each.filed_on, filing.filed_on))
        return self.known.get(number) or next(filter(None, (*slips, *of_years)), None)


@dataclass(slots=True)
class RegistryState:
    """What the registry holds of the cases that some rows name, and from which rows."""

    case_batch: CaseBatch
    vocabulary: Vocabulary
    origins: Mapping[UUID, Origin]
    """The row that each activity was recorded from."""
    last_accepted: Mapping[bytes, int]
    """The last accepted row of the batch about each event."""
    recorded: Mapping[UUID, ReportedEvent]
    """The row of this chunk that each activity was recorded from; not in any table yet."""
    similar: SimilarNumbers = field(default_factory=SimilarNumbers)

    def compare(self, event: ReportedEvent) -> EventMatch:
        """What the registry holds of the event. Raises CaseDeleted."""
        case = self.case_batch.find(event.number)
        found = self.case_batch.match(event.number, event.content)
        activity_id = found.activity_id
        if case is None or activity_id is None:
            return EventMatch(case=case)
        if found.likeness is Likeness.SAME and self._has_same_content(activity_id, event):
            return EventMatch(
                repeated_in_file=self._is_of_file(event, activity_id),
                recorded_already=True,
                event_known=True,
                case=case,
                activity_id=activity_id,
            )
        superseded, in_file = self._superseded(event, activity_id)
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

    def _is_of_file(self, event: ReportedEvent, activity_id: UUID) -> bool:
        """Whether another row of the event's file has recorded the activity."""
        origin = self.origins.get(activity_id)
        of_batch = origin is not None and origin.batch_id == event.batch.id
        return activity_id in self.recorded or of_batch

    def _superseded(self, event: ReportedEvent, activity_id: UUID) -> tuple[bool, bool]:
        """Whether a row after this one has recorded the event, or will; and whether of this file.

        An event that this file brings is corrected by each of its later rows; one that was known
        before by the last alone: cumulative files bring what was corrected again.
        """
        batch_id, row_no = event.batch.id, event.row_no
        origin = self.origins.get(activity_id)
        if origin is not None and (origin.batch_id, origin.row_no) > (batch_id, row_no):
            return True, origin.batch_id == batch_id
        if self._is_of_file(event, activity_id):
            return False, False
        return self.last_accepted.get(event.digests.identity, row_no) > row_no, True


def case_filing(resolved: ResolvedRow) -> CaseFiling:
    """The case, as far as the row tells."""
    row = resolved.row
    return CaseFiling(
        court_id=resolved.court.id,
        caseid_type=row.caseid_type,
        number=row.number,
        filed_on=row.filed_on,
        case_type_id=resolved.case_type.id,
        parties=PartyCounts(**row.parties),
        original=OriginalCase(**asdict(row.original)),
        custody_count=row.custody or 0,
        legal_representation=row.legal_representation,
    )


def activity_content(resolved: ResolvedRow) -> ActivityContent:
    """What happened. A placeholder is no judge, and each judge sits once."""
    row = resolved.row
    judges = [seat.judge.id for seat in resolved.seats if seat.judge.cadre is not Cadre.PLACEHOLDER]
    return ActivityContent(
        activity_on=row.activity_on,
        activity_type_id=resolved.activity_type.id,
        outcome_id=resolved.outcome.id if resolved.outcome else None,
        reason_id=resolved.reason.id if resolved.reason else None,
        next_on=row.next_on,
        judge_ids=tuple(dict.fromkeys(judges)),
        applicant_witnesses=row.applicant_witnesses,
        defendant_witnesses=row.defendant_witnesses,
        custody_count=row.custody,
        legal_representation=row.legal_representation,
        details=row.details,
    )


def digests_of(
    resolved: ResolvedRow, filing: CaseFiling, number: CaseNumber, content: ActivityContent
) -> Digests:
    """The digests of a row."""
    of_case = (filing.filed_on, filing.case_type_id, filing.parties, filing.original)
    reason = resolved.row.names.reason.casefold()

    def both(content: ActivityContent) -> tuple[bytes, bytes]:
        lead = content.judge_ids[0] if content.judge_ids else None
        event = (number, content.activity_on, content.activity_type_id, lead)
        return _digest(event), _digest((*event, of_case, content, reason))

    unassigned = both(replace(content, judge_ids=())) if content.judge_ids else None
    return Digests(*both(content), unassigned)


def _plain(value: Any) -> Any:
    # Not by `astuple`, which copies every value; `json` comes back for what is inside.
    names = _field_names(type(value))  # type: ignore[arg-type]  # mypy takes classes for unhashable
    return str(value) if names is None else [getattr(value, name) for name in names]


@cache
def _field_names(kind: Hashable) -> tuple[str, ...] | None:
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else None


_encode: Final = json.JSONEncoder(default=_plain, separators=(",", ":"), ensure_ascii=False).encode


def _digest(value: Any) -> bytes:
    return hashlib.sha256(_encode(value).encode()).digest()
