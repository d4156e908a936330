"""The caller's part of an assertion is reused briefly, for the same token and address alone."""

import base64
import json
from datetime import UTC, datetime

import pytest

from common.assertions import (
    NO_CONTEXT,
    AssertionMinter,
    AssertionVerifier,
    RequestContext,
    derive_key,
)
from common.clock import FrozenClock
from common.jws import TokenRefused
from gateway.policy.correlation import Correlation
from gateway.policy.identity import Identity, context_of
from gateway.policy.quotas import QuotaFields
from gateway.policy.tokens import AccessToken
from testkit.gateway.issuer import Issuer

SECRET = "a-secret-for-tests"
PARENT = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


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
    stated = {name: claims[name] for name in ("sub", "sid", "grants")}
    return AccessToken(b"d1", claims["sub"], claims["sid"], "jti", 0, 0, 0.0, frozenset(), stated)


def issued_at(assertion: bytes, clock: FrozenClock) -> int:
    """When the part about the caller was made."""
    core = AssertionVerifier("core", (derive_key(SECRET, "core"),))
    core.verify(assertion.decode(), clock.now())
    payload = assertion.split(b".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    return int(claims["iat"])


def test_the_callers_part_is_reused_for_ten_seconds(
    identity: Identity, token: AccessToken, clock: FrozenClock
) -> None:
    def made() -> int:
        return issued_at(identity.assertion("core", "192.0.2.1", token, NO_CONTEXT), clock)

    first = made()
    clock.advance(seconds=9.9)
    assert made() == first
    clock.advance(seconds=0.1)
    assert made() == first + 10


def test_it_is_never_reused_for_another_address_audience_or_token(
    identity: Identity, token: AccessToken
) -> None:
    made = {
        identity.assertion("core", "192.0.2.1", token, NO_CONTEXT),
        identity.assertion("core", "192.0.2.2", token, NO_CONTEXT),
        identity.assertion("auth", "192.0.2.1", token, NO_CONTEXT),
        identity.assertion("core", "192.0.2.1", None, NO_CONTEXT),
    }
    assert len(made) == 4


def test_it_says_who_from_where_and_of_which_request_to_its_audience_only(
    identity: Identity, token: AccessToken, clock: FrozenClock
) -> None:
    correlation = Correlation("request-1", PARENT, b"vendor=1")
    context = context_of(correlation, QuotaFields(b'"user";q=9;w=60', b'"user";r=8;t=60'))
    assertion = identity.assertion("core", "192.0.2.1", token, context).decode()
    core = AssertionVerifier("core", (derive_key(SECRET, "core"),))
    verified = core.verify(assertion, clock.now())
    assert (str(verified.principal.user_id), verified.principal.ip) == (token.subject, "192.0.2.1")
    assert verified.context == RequestContext(
        rid="request-1",
        traceparent=PARENT.decode(),
        tracestate="vendor=1",
        ratelimit='"user";r=8;t=60',
        ratelimit_policy='"user";q=9;w=60',
    )
    auth = AssertionVerifier("auth", (derive_key(SECRET, "auth"),))
    with pytest.raises(TokenRefused):
        auth.verify(assertion, clock.now())
