"""What must hold of an activity that somebody types in; returns have codes of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from common.errors import FieldError
from core_service.activities.records import ActivityContent
from core_service.reference.models import ActivityType, Outcome
from core_service.reference.validity import is_valid_on


@dataclass(frozen=True, slots=True)
class Words:
    """The reference rows that an activity names; None where an ID names none, or none is given."""

    activity_type: ActivityType | None
    outcome: Outcome | None


def check(content: ActivityContent, words: Words, today: date) -> list[FieldError]:
    """Every fault of the activity."""
    return [*_dates(content, today), *_words(content, words), *_bench(content)]


def _dates(content: ActivityContent, today: date) -> Iterator[FieldError]:
    if content.activity_on > today:
        yield FieldError("activity_on", "date-future", "An activity is recorded after it happened")
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
