"""One normal form for every spelling of a name or label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_service.reference.spelling import normal_spelling


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Example, Amina Wanja", "example,amina  wanja"),
        ("COA  Criminal Appeal", "COA Criminal Appeal"),
        ("Judgment Delivered- Case Closed", "Judgment Delivered - Case Closed "),
        (
            "Terminated/ Struck Out/ Dismissed/Case Closed ",
            "terminated struck out dismissed case closed",
        ),
        ("Ng'ang'a", "NGANGA"),
        ("Ng\u2019ang\u2019a", "Ng'ang'a"),
        ("José", "Jose"),
    ],
)
def test_spellings_of_one_thing_are_equal(left: str, right: str) -> None:
    assert normal_spelling(left) == normal_spelling(right)


@pytest.mark.parametrize(("left", "right"), [("KC", "SCC"), ("SC", "SCC"), ("Ruling", "Rulings")])
def test_different_things_stay_different(left: str, right: str) -> None:
    assert normal_spelling(left) != normal_spelling(right)


@given(st.text(max_size=40))
def test_a_normal_spelling_is_its_own_normal_form(text: str) -> None:
    assert normal_spelling(normal_spelling(text)) == normal_spelling(text)
