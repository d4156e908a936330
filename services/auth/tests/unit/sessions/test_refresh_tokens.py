"""Refresh tokens: random at first, derived from then on."""

from hypothesis import given
from hypothesis import strategies as st

from auth_service.sessions.refresh_tokens import RefreshTokens, is_well_formed, token_hash

TOKENS = RefreshTokens(b"a key of the tests")


def test_first_tokens_are_256_random_bits() -> None:
    drawn = {TOKENS.first() for _ in range(100)}
    assert len(drawn) == 100
    assert all(is_well_formed(token) and len(token) == 43 for token in drawn)


def test_a_token_has_one_successor_under_one_key() -> None:
    token = TOKENS.first()
    assert TOKENS.successor(token) == TOKENS.successor(token)
    assert TOKENS.successor(token) != RefreshTokens(b"another key").successor(token)
    assert is_well_formed(TOKENS.successor(token))


def test_successors_do_not_repeat() -> None:
    lineage = [TOKENS.first()]
    for _ in range(1000):
        lineage.append(TOKENS.successor(lineage[-1]))
    assert len(set(lineage)) == len(lineage)


def test_hash_and_token_do_not_reveal_the_successor() -> None:
    token = TOKENS.first()
    assert token_hash(TOKENS.successor(token)) != token_hash(token)
    assert len(token_hash(token)) == 32


@given(st.text())
def test_only_what_could_be_a_token_is_looked_up(text: str) -> None:
    if is_well_formed(text):
        assert len(text) == 43
        assert text.isascii()
