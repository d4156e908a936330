"""The canonical form of a row."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from common.audit.links import HASH, canonical, link_hash


def test_names_are_sorted_and_values_plain() -> None:
    row = {
        "when": datetime(2026, 1, 1, 3, tzinfo=timezone(timedelta(hours=3))),
        "day": date(2026, 1, 1),
        "who": UUID(int=1),
        "raw": b"\xff",
        "text": "é",
        "details": {"b": 1, "a": [None]},
    }
    assert canonical(row).decode() == (
        '{"day":"2026-01-01","details":{"a":[null],"b":1},"raw":"ff","text":"é",'
        '"when":"2026-01-01T00:00:00.000000+00:00",'
        '"who":"00000000-0000-0000-0000-000000000001"}'
    )


def test_a_column_that_is_added_later_changes_no_old_row() -> None:
    assert link_hash({"a": 1, "new": None, HASH: b"x"}) == link_hash({"a": 1})


def test_the_zone_of_a_time_does_not_matter() -> None:
    utc = datetime(2026, 1, 1, tzinfo=UTC)
    assert canonical({"t": utc}) == canonical({"t": utc.astimezone(timezone(timedelta(hours=5)))})


def test_values_without_a_canonical_form_are_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        canonical({"a": {1}})
    with pytest.raises(ValueError, match="compliant"):
        canonical({"a": float("nan")})
