"""Cursors fit the list they were made for, and no client can forge one."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.pages import CursorInvalid, CursorSigner

SIGNER = CursorSigner((b"k" * 32,))


def test_a_cursor_gives_back_the_sort_key() -> None:
    key = uuid4()
    cursor = SIGNER.sign("cases:number", [date(2026, 3, 2), key, 7, None])
    assert SIGNER.read("cases:number", cursor) == ["2026-03-02", str(key), 7, None]


def test_a_cursor_of_another_list_or_another_key_is_refused() -> None:
    cursor = SIGNER.sign("cases:number", [1])
    with pytest.raises(CursorInvalid):
        SIGNER.read("cases:filed_on", cursor)
    with pytest.raises(CursorInvalid):
        CursorSigner((b"x" * 32,)).read("cases:number", cursor)


@given(st.text())
def test_whatever_a_client_makes_up_is_refused(text: str) -> None:
    with pytest.raises(CursorInvalid):
        SIGNER.read("cases:number", text)


@given(st.data())
def test_a_changed_cursor_is_refused(data: st.DataObject) -> None:
    cursor = SIGNER.sign("cases:number", ["E014", 3])
    at = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHabcdefgh0123456789-_"))
    changed = cursor[:at] + other + cursor[at + 1 :]
    try:
        values = SIGNER.read("cases:number", changed)
    except CursorInvalid:
        return
    assert values == ["E014", 3]  # only a spelling of the very same bytes may pass


def test_a_cursor_of_another_key_in_use_is_read() -> None:
    old, new = b"o" * 32, b"n" * 32
    cursor = CursorSigner((old,)).sign("cases:number", ["E1"])
    assert CursorSigner((new, old)).read("cases:number", cursor) == ["E1"]
