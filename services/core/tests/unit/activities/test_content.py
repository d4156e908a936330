"""Is it new, known already, or a correction?"""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from core_service.activities.records import (
    ActivityContent,
    Known,
    Likeness,
    Match,
    compare,
    content_hash,
)

LEAD, OTHER = uuid4(), uuid4()
HEARING = ActivityContent(
    activity_on=date(2026, 1, 9), activity_type_id=uuid4(), judge_ids=(LEAD,), details="heard"
)


def known(content: ActivityContent) -> Known:
    lead = content.judge_ids[0] if content.judge_ids else None
    return Known(
        uuid4(),
        content.activity_on,
        content.activity_type_id,
        lead,
        content.outcome_id,
        content_hash(content),
        content=content,
    )


def test_with_nothing_known_it_is_new() -> None:
    assert compare(HEARING, []) == Match(Likeness.NEW)


def test_the_same_content_is_the_same_activity() -> None:
    before = known(HEARING)

    assert compare(replace(HEARING), [before]) == Match(Likeness.SAME, before.activity_id)


def test_other_content_of_the_same_day_purpose_and_lead_is_a_correction() -> None:
    before = known(HEARING)

    assert compare(replace(HEARING, details="adjourned"), [before]) == Match(
        Likeness.CORRECTION, before.activity_id
    )


def test_another_lead_judge_makes_another_activity() -> None:
    assert compare(replace(HEARING, judge_ids=(OTHER,)), [known(HEARING)]).likeness == Likeness.NEW


def test_the_same_content_wins_over_a_correction() -> None:
    other, same = known(replace(HEARING, details="adjourned")), known(HEARING)

    assert compare(HEARING, [other, same]) == Match(Likeness.SAME, same.activity_id)


def test_the_order_of_the_bench_is_part_of_the_content() -> None:
    bench = replace(HEARING, judge_ids=(LEAD, OTHER))

    assert content_hash(bench) != content_hash(replace(HEARING, judge_ids=(OTHER, LEAD)))


def test_a_judge_who_is_assigned_now_is_a_correction() -> None:
    before = known(replace(HEARING, judge_ids=()))

    assert compare(HEARING, [before]) == Match(
        Likeness.CORRECTION, before.activity_id, assigns_judge=True
    )


def test_a_record_that_knows_no_judge_yet_says_nothing_new() -> None:
    before = known(HEARING)

    assert compare(replace(HEARING, judge_ids=()), [before]) == Match(
        Likeness.SAME, before.activity_id
    )


def test_a_judge_and_other_news_are_another_activity() -> None:
    before = known(replace(HEARING, judge_ids=(), details="Before the registrar"))

    assert compare(HEARING, [before]) == Match(Likeness.NEW)
