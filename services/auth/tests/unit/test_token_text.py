"""Tokens of set-password links."""

from hypothesis import given
from hypothesis import strategies as st

from auth_service.token_text import TokenText
from common.ids import uuid7


def test_a_token_is_parsed_as_it_was_generated() -> None:
    generated = TokenText.generate(uuid7())
    assert TokenText.parse(generated.text) == generated
    assert generated.matches(generated.secret_hash)
    assert "=" not in generated.text


def test_two_tokens_differ_and_do_not_match() -> None:
    id_ = uuid7()
    one, other = TokenText.generate(id_), TokenText.generate(id_)
    assert one.text != other.text
    assert not one.matches(other.secret_hash)


def test_the_secret_is_not_in_the_representation() -> None:
    generated = TokenText.generate(uuid7())
    assert repr(generated.secret) not in repr(generated)


@given(st.text() | st.binary().map(lambda raw: raw.hex()))
def test_any_text_can_be_presented_as_a_token(text: str) -> None:
    parsed = TokenText.parse(text)
    assert parsed is None or len(parsed.secret) == 32
