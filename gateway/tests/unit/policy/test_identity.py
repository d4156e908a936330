"""Assertions are reused briefly, and only for the same token from the same address."""

from datetime import UTC, datetime

import pytest

from common.assertions import AssertionMinter, AssertionVerifier, derive_key
from common.clock import FrozenClock
from common.jws import TokenRefused
from gateway.policy.identity import Identity
from gateway.policy.tokens import AccessToken
from gateway.testing.issuer import Issuer

SECRET = "a-secret-for-tests"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 3, 2, tzinfo=UTC))


@pytest.fixture
def identity(clock: FrozenClock) -> Identity:
    minters = {name: AssertionMinter(name, derive_key(SECRET, name)) for name in ("auth", "core")}
    return Identity(minters, clock)


@pytest.fixture
def token(issuer: Issuer) -> AccessToken:
    claims = issuer.claims()
    said = {name: claims[name] for name in ("sub", "sid", "grants")}
    return AccessToken(b"d1", claims["sub"], claims["sid"], "jti", 0, 0.0, frozenset(), said)


def test_it_is_reused_for_ten_seconds(
    identity: Identity, token: AccessToken, clock: FrozenClock
) -> None:
    first = identity.assertion("core", "192.0.2.1", token)
    clock.advance(seconds=9.9)
    assert identity.assertion("core", "192.0.2.1", token) == first
    clock.advance(seconds=0.1)
    assert identity.assertion("core", "192.0.2.1", token) != first


def test_it_is_never_reused_for_another_address_audience_or_token(
    identity: Identity, token: AccessToken
) -> None:
    made = {
        identity.assertion("core", "192.0.2.1", token),
        identity.assertion("core", "192.0.2.2", token),
        identity.assertion("auth", "192.0.2.1", token),
        identity.assertion("core", "192.0.2.1", None),
    }
    assert len(made) == 4


def test_it_says_who_and_from_where_to_its_audience_only(
    identity: Identity, token: AccessToken, clock: FrozenClock
) -> None:
    assertion = identity.assertion("core", "192.0.2.1", token)
    core = AssertionVerifier("core", (derive_key(SECRET, "core"),))
    principal = core.verify(assertion, clock.now())
    assert (str(principal.user_id), principal.ip) == (token.subject, "192.0.2.1")
    auth = AssertionVerifier("auth", (derive_key(SECRET, "auth"),))
    with pytest.raises(TokenRefused):
        auth.verify(assertion, clock.now())
