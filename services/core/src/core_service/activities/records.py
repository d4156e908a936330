"""What recording an activity takes and gives; the import's entry to the registry."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from core_service.cases.models import CaseStatus
from core_service.cases.records import CaseFiling
from core_service.ledger.replay import Flag
from core_service.sources import Source


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
        """As columns of the activity's row; the bench has rows of its own."""
        # Not by `asdict`, which copies every value.
        return {name: getattr(self, name) for name in self.__slots__ if name != "judge_ids"}


@dataclass(frozen=True, slots=True)
class Act:
    """What the registry itself does to a case: it `sets` a standing, whatever stood before.

    The arrival of a transferred file names the departure at the other court as `counterpart_id`.
    """

    sets: CaseStatus
    counterpart_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """One activity to record.

    `case` is the ID of a known case, or a filing by whose number the case is found, or registered
    when it is new. `supersedes` names the live activity that this one corrects.
    """

    case: UUID | CaseFiling
    content: ActivityContent
    source: Source
    supersedes: UUID | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording did. `flags` are the ledger's remarks about this activity."""

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
    """The verdict of a comparison; `activity_id` is the live one that is the same or corrected."""

    likeness: Likeness
    activity_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """The verdict on a record, and what was recorded unless it was there already."""

    match: Match
    recorded: Recorded | None
