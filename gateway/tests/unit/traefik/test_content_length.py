"""Numbers above a limit, as a regular expression."""

import re

from hypothesis import given
from hypothesis import strategies as st

from gateway.traefik.rules import above

NUMBERS = st.integers(min_value=0, max_value=10**12)


@given(limit=st.integers(min_value=1, max_value=10**10), number=NUMBERS)
def test_it_matches_what_is_above_and_nothing_else(limit: int, number: int) -> None:
    for near in (number, limit - 1, limit, limit + 1, limit * 10):
        assert bool(re.match(above(limit), str(near))) == (near > limit)


@given(limit=st.integers(min_value=1, max_value=10**10), zeros=st.integers(0, 30))
def test_leading_zeros_do_not_hide_a_large_length(limit: int, zeros: int) -> None:
    assert re.match(above(limit), "0" * zeros + str(limit + 1))
    assert not re.match(above(limit), "0" * zeros + str(limit))
