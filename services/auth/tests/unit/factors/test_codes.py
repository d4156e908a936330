"""Codes of RFC 6238, and recovery codes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from auth_service.factors import codes
from auth_service.factors.codes import CodeMatch, match_code
from auth_service.factors.schemas import FactorName
from common.ids import uuid7

# The secret and the codes (their last six digits) of RFC 6238, appendix B.
SECRET = b"12345678901234567890"
VECTORS = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
]


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    match = CodeMatch(seconds // 30, replayed=False)
    for drift in (0, 30, -29):
        assert match_code(SECRET, code, at(seconds + drift), None) == match
    assert match_code(SECRET, code, at(seconds + 60), None) is None


def test_a_code_of_two_steps_ahead_is_refused() -> None:
    assert match_code(SECRET, "050471", at(1_111_111_111 - 60), None) is None


@pytest.mark.parametrize(("last", "replayed"), [(0, False), (1, True), (2, True)])
def test_a_step_and_those_before_it_are_spent(last: int, replayed: bool) -> None:
    assert match_code(SECRET, "287082", at(59), last) == CodeMatch(1, replayed)


@given(st.text())
def test_any_text_can_be_given_as_a_code(text: str) -> None:
    found = match_code(SECRET, text, at(59), None)
    assert found is None or text in {"755224", "287082", "359152"}


def test_recovery_codes_are_random_and_read_as_they_are_typed() -> None:
    made = {codes.new_recovery_code() for _ in range(200)}
    assert len(made) == 200
    user, other = uuid7(), uuid7()
    code = "7C2V-0RQX-9M4K-1B3D"
    hashed = codes.recovery_hash(user, code)
    for typed in ("7c2v 0rqx 9m4k 1b3d", "7C2VORQX9M4KIB3D", " 7c2v-Orqx-9m4k-lb3d\n"):
        assert codes.recovery_hash(user, typed) == hashed
    assert codes.recovery_hash(other, code) != hashed
    assert codes.recovery_hash(user, code[:-1]) != hashed


@given(st.text())
def test_any_text_can_be_given_as_a_recovery_code(text: str) -> None:
    assert len(codes.recovery_hash(uuid7(), text)) == 32


def test_the_uri_names_product_and_account() -> None:
    uri = codes.enrolment_uri(SECRET, "clerk@masijala.example")
    assert uri == (
        "otpauth://totp/Masijala:clerk%40masijala.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Masijala"
    )


def test_a_name_that_grows_in_its_normal_form_is_refused() -> None:
    names: TypeAdapter[str] = TypeAdapter(FactorName)
    assert names.validate_python("  Counter   3 ") == "Counter 3"
    with pytest.raises(ValidationError, match="at most 100 characters"):
        names.validate_python("\u0958" * 60)
