"""Marks: what they say, and that each lives as long as a token that it stops, no longer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from auth_service.revocations.marks import Marks

MARKS = Marks(access_token_seconds=600)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SOMEONE = UUID(int=7)


def test_an_ended_session_is_marked_for_an_access_tokens_life_and_leeway() -> None:
    mark = MARKS.session(SOMEONE, NOW)
    assert (mark.key, mark.value) == (f"rev:sid:{SOMEONE}", "1")
    assert mark.milliseconds_left(NOW) == 660_000
    assert mark.milliseconds_left(NOW + timedelta(seconds=660)) == 0


def test_a_revoked_token_is_marked_until_nobody_accepts_it() -> None:
    mark = MARKS.token("j", NOW + timedelta(seconds=30))
    assert (mark.key, mark.value) == ("rev:jti:j", "1")
    assert mark.milliseconds_left(NOW) == 90_000


def test_a_changed_user_is_marked_with_a_moment_in_epoch_seconds() -> None:
    mark = MARKS.subject(SOMEONE, NOW)
    assert (mark.key, mark.value) == (f"nbf:sub:{SOMEONE}", str(int(NOW.timestamp())))
    assert mark.milliseconds_left(NOW) == 660_000
