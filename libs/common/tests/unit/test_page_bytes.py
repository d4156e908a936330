"""Pages are cut by bytes as well as by count."""

from hypothesis import given
from hypothesis import strategies as st

from common.pages import PAGE_BYTES, fitting, row_bytes


class Row:
    """A row with columns, and one thing that is none."""

    def __init__(self, text: str, digest: bytes) -> None:
        self.text, self.digest, self._state = text, digest, object()


@given(st.lists(st.integers(0, 100)), st.integers(0, 500))
def test_as_many_fit_as_their_bytes_allow_and_always_one(sizes: list[int], limit: int) -> None:
    fits = fitting(sizes, limit)
    assert fits >= min(1, len(sizes))
    assert fits <= 1 or sum(sizes[:fits]) <= limit
    assert fits == len(sizes) or sum(sizes[: fits + 1]) > limit


def test_behind_others_none_has_to_fit() -> None:
    assert fitting([PAGE_BYTES + 1], at_least=0) == 0
    assert fitting([PAGE_BYTES + 1]) == 1


def test_a_row_is_as_large_as_its_columns_are_when_written() -> None:
    assert 40 < row_bytes(Row("\x01" * 5, b"\xff\x00")) < 70
