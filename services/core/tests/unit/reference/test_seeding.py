"""The vocabulary as data: complete, unambiguous, with the same IDs everywhere."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core_service.reference.seeding import (
    activity_type_rows,
    case_type_rows,
    category_rows,
    judge_rows,
    outcome_rows,
    reason_rows,
    seed_id,
)
from core_service.reference.spelling import normal_spelling

Rows = Callable[[], Iterator[dict[str, Any]]]
EVERY_KIND = [
    activity_type_rows,
    case_type_rows,
    category_rows,
    judge_rows,
    outcome_rows,
    reason_rows,
]


def test_a_seeded_id_is_a_uuid7_and_always_the_same() -> None:
    first, again = seed_id("outcome", "struck out"), seed_id("outcome", "struck out")

    assert first == again
    assert first.version == 7
    assert first.variant == "specified in RFC 4122"
    assert first != seed_id("activity_type", "struck out")


@pytest.mark.parametrize("rows", EVERY_KIND)
def test_no_two_rows_of_a_kind_share_an_id_or_a_spelling(rows: Rows) -> None:
    found = list(rows())
    for name in ("id", "label_norm", "name_norm", "code"):
        values = Counter(row[name] for row in found if name in row)
        assert not [value for value, count in values.items() if count > 1]


def test_every_effect_of_the_vocabulary_page_is_there() -> None:
    effects = Counter(row["effect"] for row in outcome_rows())

    assert effects == {
        "register": 1,
        "dispose": 12 + 21 + 3,
        "transfer_out": 2,
        "reserve": 4,
        "deliver": 2,
        "adjourn": 2,
        "reactivate": 1,
        "inactivate": 2,
        "none": 10,
    }


def test_decisions_on_applications_dispose_only_of_applications() -> None:
    applications = {row["id"] for row in category_rows() if row["name"].endswith("Application")}
    limited = {row["label"]: set(row["limited_to"]) for row in outcome_rows() if row["limited_to"]}

    assert set(limited) == {
        "Application Allowed",
        "Application Dismissed",
        "Ruling Delivered- Application Closed",
    }
    assert all(categories == applications for categories in limited.values())


def test_the_page_s_counts_of_words_are_complete() -> None:
    assert len(list(category_rows())) == 19
    acts_of_the_registry = 3
    assert len(list(activity_type_rows())) == 14 + 11 + acts_of_the_registry
    assert Counter(row["cause"] for row in reason_rows()) == {
        "court": 7,
        "party": 3,
        "advocate": 3,
        "prosecution": 3,
        "witness": 2,
        "external": 4,
    }


WORDS = tomllib.loads((Path(__file__).parents[2] / "data" / "vocabulary-words.toml").read_text())


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("outcomes", outcome_rows),
        ("purposes", activity_type_rows),
        ("reasons", reason_rows),
        ("case_types", case_type_rows),
    ],
)
def test_every_word_of_the_returns_is_seeded(kind: str, rows: Rows) -> None:
    seeded = {row.get("label_norm") or row["name_norm"] for row in rows()}
    assert [word for word in WORDS[kind] if normal_spelling(word) not in seeded] == []
