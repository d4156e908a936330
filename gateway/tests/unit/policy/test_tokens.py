"""Tokens are verified once, remembered for a minute at most, and forgotten with their key."""

from datetime import UTC, datetime
from time import time

import pytest

from common.access_tokens import USER_AUDIENCE, TokenRules
from common.clock import FrozenClock
from common.jws import TokenRefused, VerificationKey
from gateway.policy.tokens import TokenVerifier
from gateway.refusals import KeysUnavailable
from testkit.gateway.issuer import ISSUER, FixedKeys, Issuer, SigningKey


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime.fromtimestamp(int(time()), UTC))


@pytest.fixture
def verifier(keys: FixedKeys, clock: FrozenClock) -> TokenVerifier:
    return TokenVerifier(TokenRules(ISSUER, USER_AUDIENCE), keys, clock)


async def test_a_token_says_who_it_is_about(verifier: TokenVerifier, issuer: Issuer) -> None:
    claims = issuer.claims(amr=["pwd"], acr="aal1", auth_time=1)
    token = await verifier.verify(issuer.sign(claims).encode())
    assert (token.subject, token.session_id, token.token_id) == (
        claims["sub"],
        claims["sid"],
        claims["jti"],
    )
    assert token.identity == {
        "sub": claims["sub"],
        "sid": claims["sid"],
        "grants": claims["grants"],
        "amr": ["pwd"],
        "acr": "aal1",
        "auth_time": 1,
    }


async def test_a_verified_token_is_remembered(
    verifier: TokenVerifier, keys: FixedKeys, issuer: Issuer
) -> None:
    raw = issuer.token().encode()
    first = await verifier.verify(raw)
    keys.published = False  # a second verification could not succeed
    assert await verifier.verify(raw) is first


async def test_it_is_forgotten_after_a_minute(
    verifier: TokenVerifier, keys: FixedKeys, issuer: Issuer, clock: FrozenClock
) -> None:
    raw = issuer.token().encode()
    await verifier.verify(raw)
    keys.published = False
    clock.advance(seconds=59)
    await verifier.verify(raw)
    clock.advance(seconds=1)
    with pytest.raises(TokenRefused, match="kid"):
        await verifier.verify(raw)


async def test_it_is_not_cached_after_its_expiry(
    verifier: TokenVerifier, keys: FixedKeys, issuer: Issuer, clock: FrozenClock
) -> None:
    raw = issuer.token(exp=int(clock.now().timestamp()) + 10).encode()
    await verifier.verify(raw)
    keys.published = False
    clock.advance(seconds=10)
    with pytest.raises(TokenRefused):
        await verifier.verify(raw)


async def test_everything_is_forgotten_when_a_key_leaves_the_set(
    verifier: TokenVerifier, keys: FixedKeys, issuer: Issuer
) -> None:
    raw = issuer.token().encode()
    await verifier.verify(raw)
    keys.published = False
    keys.generation += 1
    with pytest.raises(TokenRefused):
        await verifier.verify(raw)


async def test_the_least_recently_used_token_goes_first(
    verifier: TokenVerifier, keys: FixedKeys, issuer: Issuer
) -> None:
    verifier.capacity = 2
    first, second, third = (issuer.token().encode() for _ in range(3))
    for raw in (first, second, first, third):
        await verifier.verify(raw)
    keys.published = False
    await verifier.verify(first)
    await verifier.verify(third)
    with pytest.raises(TokenRefused):
        await verifier.verify(second)


async def test_no_token_is_stored_in_memory_in_clear(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    raw = issuer.token()
    await verifier.verify(raw.encode())
    assert raw not in repr(verifier._cache)
    assert raw.rpartition(".")[2] not in repr(verifier._cache)


async def test_an_unknown_key_is_fetched_once_and_then_used(
    keys: FixedKeys, clock: FrozenClock
) -> None:
    class Published(FixedKeys):
        async def ensure(self, kid: str | None) -> VerificationKey | None:
            self.published = True
            return await super().ensure(kid)

    late = Published(keys.issuer, published=False)
    verifier = TokenVerifier(TokenRules(ISSUER, USER_AUDIENCE), late, clock)
    await verifier.verify(keys.issuer.token().encode())
    assert late.requested_kids == [keys.issuer.key.kid]


async def test_a_bad_signature_fetches_no_keys(
    verifier: TokenVerifier, keys: FixedKeys, issuer: Issuer
) -> None:
    foreign = Issuer(SigningKey(kid=issuer.key.kid))
    with pytest.raises(TokenRefused, match="signature"):
        await verifier.verify(foreign.token().encode())
    assert keys.requested_kids == []


async def test_without_usable_keys_even_a_cached_token_is_not_verified(
    verifier: TokenVerifier, keys: FixedKeys, issuer: Issuer
) -> None:
    raw = issuer.token().encode()
    await verifier.verify(raw)
    keys.usable = False
    with pytest.raises(KeysUnavailable):
        await verifier.verify(raw)


async def test_malformed_tokens_are_refused_with_or_without_keys(
    verifier: TokenVerifier, keys: FixedKeys
) -> None:
    keys.usable = False
    with pytest.raises(TokenRefused):
        await verifier.verify(b"a.b.c")
