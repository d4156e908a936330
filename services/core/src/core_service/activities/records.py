"""What the rest of core passes to and from activities, and pure rules about what they say."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from common.errors import FieldError
from common.ids import uuid7
from core_service.access.actors import Actor, creation_columns
from core_service.cases.models import CaseStatus
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling
from core_service.court_calendar import future_fault
from core_service.ledger.models import CaseActivity
from core_service.ledger.steps import Flag
from core_service.reference.models import ActivityType, Outcome, is_valid_on
from core_service.reference.seed import seed_id
from core_service.reference.spelling import normal_spelling
from core_service.sources import SYSTEM_ITSELF, Source

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ActivityContent:
    """What happened, with resolved IDs; `judge_ids` are the bench in order, the lead first."""

    activity_on: date
    activity_type_id: UUID
    outcome_id: UUID | None = None
    reason_id: UUID | None = None
    next_on: date | None = None
    judge_ids: tuple[UUID, ...] = ()
    applicant_witnesses: int = 0
    defendant_witnesses: int = 0
    custody_count: int | None = None
    legal_representation: bool | None = None
    details: str | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of the activity's row; the bench is in its own table."""
        # Not by `asdict`, which copies every value.
        return dict(zip(CONTENT_COLUMNS, _columns(self), strict=True))

    @property
    def plain(self) -> tuple[object, ...]:
        """All but the bench, as values that have the same text in every process."""
        return (
            self.activity_on.toordinal(),
            self.activity_type_id.int,
            self.outcome_id and self.outcome_id.int,
            self.reason_id and self.reason_id.int,
            self.next_on and self.next_on.toordinal(),
            self.applicant_witnesses,
            self.defendant_witnesses,
            self.custody_count,
            self.legal_representation,
            self.details,
        )


@dataclass(frozen=True, slots=True)
class Act:
    """What the registry itself does to a case: it `sets` its status, whatever it was.

    The arrival of a transferred file names the departure at the other court as `counterpart_id`.
    """

    sets: CaseStatus
    counterpart_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """One activity to record.

    `case` is the ID of a known case, or a filing by whose number the case is found, or registered
    when it is new. `supersedes` names the live activity that this one corrects; `allow_duplicate`
    lets a user's entry be recorded though the case has one like it.
    """

    case: UUID | CaseFiling
    content: ActivityContent
    source: Source
    supersedes: UUID | None = None
    act: Act | None = None
    allow_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording did. `flags` are what the ledger finds unusual about it."""

    activity_id: UUID
    case_id: UUID
    case_created: bool
    flags: frozenset[Flag]


class Likeness(StrEnum):
    """How a new record compares with what the case already has."""

    NEW = "new"
    SAME = "same"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict of a comparison; `activity_id` is the live one that is the same or corrected.

    `assigns_judge`: it is corrected by who sat alone, where it named no judge yet.
    """

    likeness: Likeness
    activity_id: UUID | None = None
    assigns_judge: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """The verdict on a record, and what was recorded unless it was there already."""

    match: Match
    recorded: Recorded | None


@dataclass(frozen=True, slots=True)
class DayReported:
    """What a court has sent of one day, and when its first row came."""

    court_id: UUID
    on: date
    rows: int
    received_at: datetime


def _seeded_type(label: str) -> UUID:
    return seed_id("activity_type", normal_spelling(label))


# Labels may be changed; the IDs are the same in every installation.
STATUS_SET: Final = _seeded_type("Status Set By Order")
FILE_SENT: Final = _seeded_type("File Sent To Another Court")


def act_as_record(
    case_id: UUID, on: date, activity_type_id: UUID, act: Act, reason: str
) -> ActivityRecord:
    """An act as an activity, so that the ledger goes on following from activities alone."""
    content = ActivityContent(on, activity_type_id, details=reason)
    return ActivityRecord(case_id, content, SYSTEM_ITSELF, act=act)


CONTENT_COLUMNS: Final = tuple(
    field.name for field in fields(ActivityContent) if field.name != "judge_ids"
)
_columns: Final = attrgetter(*CONTENT_COLUMNS)


@dataclass(frozen=True, slots=True)
class ActivityState:
    """Of which day and case an activity is, and whether it counts: it is not voided, nor its case
    deleted.
    """

    activity_on: date
    counts: bool
    number: CaseNumber


@dataclass(frozen=True, slots=True)
class Known:
    """What of a live activity decides whether another record is the same or corrects it."""

    activity_id: UUID
    activity_on: date
    activity_type_id: UUID
    lead_judge_id: UUID | None
    outcome_id: UUID | None
    content_hash: bytes
    seq: int = 1
    is_act: bool = False
    """Whether it belongs to the registry itself, or a transfer: these are not corrected."""
    version: int = 1
    content: ActivityContent | None = None
    """As far as it is known; perhaps without the bench."""

    @classmethod
    def of(cls, activity: Row, content: ActivityContent) -> "Known":
        """What is known of an activity that is to be written."""
        return cls(
            activity["id"],
            content.activity_on,
            content.activity_type_id,
            content.judge_ids[0] if content.judge_ids else None,
            content.outcome_id,
            activity["content_hash"],
            activity["seq"],
            content=content,
        )

    def is_like(self, content: ActivityContent) -> bool:
        """Whether the content is of the same day, purpose and lead judge."""
        lead = content.judge_ids[0] if content.judge_ids else None
        return (self.activity_on, self.activity_type_id, self.lead_judge_id) == (
            content.activity_on,
            content.activity_type_id,
            lead,
        )

    def differs_by_judges_alone(self, content: ActivityContent) -> bool:
        """Whether one of the two names judges where the other names none yet."""
        unassigned = (self.lead_judge_id is None) != (not content.judge_ids)
        known = self.content
        return unassigned and known is not None and _columns(known) == _columns(content)


def content_hash(content: ActivityContent) -> bytes:
    """A digest of the content with resolved IDs, so that spelling does not matter."""
    bench = [judge_id.int for judge_id in content.judge_ids]
    return hashlib.sha256(ascii((content.plain, bench)).encode()).digest()


def content_of(activity: CaseActivity, bench: Sequence[UUID]) -> ActivityContent:
    values = {name: getattr(activity, name) for name in CONTENT_COLUMNS}
    return ActivityContent(judge_ids=tuple(bench), **values)


def compare(content: ActivityContent, live: Iterable[Known]) -> Match:
    """SAME when a live activity says just this, or this and who sat; CORRECTION when it is of the
    same day, purpose and lead judge but says something else, or says just this of a judge who was
    not assigned yet; NEW otherwise.
    """
    known = list(live)
    if not known:
        return Match(Likeness.NEW)
    digest = content_hash(content)
    for activity in known:
        if activity.content_hash == digest:
            return Match(Likeness.SAME, activity.activity_id)
    for activity in known:
        if activity.is_like(content):
            return Match(Likeness.CORRECTION, activity.activity_id)
    for activity in known:
        if activity.differs_by_judges_alone(content):
            if content.judge_ids:
                return Match(Likeness.CORRECTION, activity.activity_id, assigns_judge=True)
            return Match(Likeness.SAME, activity.activity_id)
    return Match(Likeness.NEW)


def same_event(content: ActivityContent, live: Iterable[Known]) -> Known | None:
    """The live activity that had the same outcome on the same day, purpose and lead judge."""
    alike = (each for each in live if each.is_like(content))
    return next((each for each in alike if each.outcome_id == content.outcome_id), None)


def activity_columns(
    record: ActivityRecord, case_id: UUID, seq: int, by: Actor, now: datetime
) -> dict[str, Any]:
    """The columns of an activity's row."""
    content, act = record.content, record.act
    return {
        "id": uuid7(),
        **creation_columns(by, now),
        "version": 1,
        "case_id": case_id,
        "seq": seq,
        **content.columns(),
        **record.source.columns(),
        "content_hash": content_hash(content),
        "case_version": None,
        "supersedes_id": record.supersedes,
        "sets_status": act.sets if act else None,
        "counterpart_id": act.counterpart_id if act else None,
        "voided_at": None,
        "void_reason": None,
    }


def bench_columns(activity_id: UUID, content: ActivityContent) -> Iterator[dict[str, Any]]:
    """Who sat, the lead first."""
    for position, judge_id in enumerate(content.judge_ids, start=1):
        yield {"activity_id": activity_id, "position": position, "judge_id": judge_id}


@dataclass(frozen=True, slots=True)
class Words:
    """The reference rows that an activity names; None where an ID names none, or none is given."""

    activity_type: ActivityType | None
    outcome: Outcome | None


def check(content: ActivityContent, words: Words, today: date) -> list[FieldError]:
    return [*_dates(content, today), *_words(content, words), *_bench(content)]


def _dates(content: ActivityContent, today: date) -> Iterator[FieldError]:
    fault = future_fault("activity_on", content.activity_on, today)
    if fault is not None:
        yield fault
    if content.next_on is not None and content.next_on <= content.activity_on:
        yield FieldError("next_on", "next-not-later", "The next date must be after the activity")


def _words(content: ActivityContent, words: Words) -> Iterator[FieldError]:
    if words.activity_type is None:
        yield FieldError("activity_type_id", "unknown", "There is no such activity type")
    elif not is_valid_on(words.activity_type, content.activity_on):
        yield FieldError("activity_type_id", "not-in-force", "Not in force on that day")
    if content.outcome_id is not None and words.outcome is None:
        yield FieldError("outcome_id", "unknown", "There is no such outcome")
    elif words.outcome is not None and not is_valid_on(words.outcome, content.activity_on):
        yield FieldError("outcome_id", "not-in-force", "Not in force on that day")


def _bench(content: ActivityContent) -> Iterator[FieldError]:
    if len(set(content.judge_ids)) < len(content.judge_ids):
        yield FieldError("judge_ids", "twice-on-bench", "A judge sits once on a bench")
