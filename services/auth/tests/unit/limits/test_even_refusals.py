"""What a refusal cost does not show in when it leaves."""

import pytest

from auth_service.limits.even_refusals import STEP_MILLISECONDS, milliseconds_left

MILLISECOND = 1_000_000
STEP = STEP_MILLISECONDS * MILLISECOND


@pytest.mark.parametrize("began", [0, 1, 123_456_789, 10**15 + 999_999])
@pytest.mark.parametrize("steps", [0, 1, 7])
def test_all_refusals_of_a_step_leave_at_the_same_millisecond(began: int, steps: int) -> None:
    within = (1, 13_345_000 % STEP, 13_445_000 % STEP, STEP // 2, STEP)
    raised = [began + steps * STEP + each for each in within]

    left = {now // MILLISECOND + milliseconds_left(began, now) for now in raised}

    assert left == {(began + (steps + 1) * STEP) // MILLISECOND + 1}
