"""How long an account waits after failures."""

from datetime import UTC, datetime

import pytest

from auth_service.limits.lockout import LockoutRules

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (12, 128), (14, 300), (99, 300), (10**9, 300)],
)
def test_the_wait_doubles_from_the_fifth_failure_up_to_the_longest(
    failures: int, seconds: int
) -> None:
    assert (LockoutRules().wait_until(failures, AT) - AT).total_seconds() == seconds
