"""The rules for an activity that a user enters."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from core_service.activities.records import ActivityContent, Words, check
from core_service.reference.models import ActivityType, Effect, Outcome

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TODAY = NOW.date()
MENTION = ActivityType(
    label="Mention",
    label_norm="mention",
    counts_as_hearing=True,
    adjournable=True,
    created_at=NOW,
    updated_at=NOW,
)
ENDED = Outcome(
    label="Ended",
    label_norm="ended",
    effect=Effect.NONE,
    valid_to=date(2026, 1, 1),
    created_at=NOW,
    updated_at=NOW,
)


def content(**changes: object) -> ActivityContent:
    values: dict[str, object] = {"activity_on": TODAY, "activity_type_id": MENTION.id} | changes
    return ActivityContent(**values)  # type: ignore[arg-type]  # a test's shorthand


def test_a_plain_activity_of_today_is_fine() -> None:
    assert check(content(), Words(MENTION, None), TODAY) == []


@pytest.mark.parametrize(
    ("changes", "words", "fault"),
    [
        ({"activity_on": date(2026, 6, 2)}, Words(MENTION, None), ("activity_on", "date-future")),
        ({"next_on": TODAY}, Words(MENTION, None), ("next_on", "next-not-later")),
        ({}, Words(None, None), ("activity_type_id", "unknown")),
        ({"outcome_id": uuid4()}, Words(MENTION, None), ("outcome_id", "unknown")),
        ({"outcome_id": ENDED.id}, Words(MENTION, ENDED), ("outcome_id", "not-in-force")),
        ({"judge_ids": (MENTION.id,) * 2}, Words(MENTION, None), ("judge_ids", "twice-on-bench")),
    ],
)
def test_a_fault_is_named(changes: dict[str, object], words: Words, fault: tuple[str, str]) -> None:
    found = check(content(**changes), words, TODAY)

    assert [(error.field, error.code) for error in found] == [fault]
