"""Pages that come after the verdict answer under the request's ID, and tell its quotas."""

from unittest.mock import AsyncMock

import pytest

from common.assertions import AssertionMinter, AssertionVerifier, RequestContext, derive_key
from common.clock import FrozenClock
from gateway.policy.correlation import correlate
from gateway.policy.headers import HeaderMap
from gateway.policy_service.carried import Carried
from gateway.policy_service.exchange import Exchange

SECRET = "a-secret-for-tests"
CONTEXT = RequestContext(
    rid="from-the-policy", ratelimit='"user";r=8;t=60', ratelimit_policy='"user";q=9;w=60'
)


def restored(*headers: tuple[bytes, bytes]) -> Exchange:
    keys = {name: derive_key(SECRET, name) for name in ("auth", "core")}
    verifiers = [AssertionVerifier(name, (key,)) for name, key in keys.items()]
    found = HeaderMap([(b"x-request-id", b"from-the-client"), *headers])
    exchange = Exchange({}, AsyncMock(), AsyncMock(), found, correlate(found))
    Carried(verifiers, FrozenClock()).restore(exchange)
    return exchange


def minted(audience: str, secret: str = SECRET) -> tuple[bytes, bytes]:
    minter = AssertionMinter(audience, derive_key(secret, audience))
    assertion = minter.mint({"ip": "192.0.2.1"}, FrozenClock().now(), CONTEXT)
    return b"x-gateway-assertion", assertion.encode()


@pytest.mark.parametrize("audience", ["auth", "core"])
def test_an_assertion_for_either_service_is_read_back(audience: str) -> None:
    exchange = restored(minted(audience))
    assert exchange.correlation.request_id == "from-the-policy"
    assert exchange.extra == [
        (b"x-request-id", b"from-the-policy"),
        (b"ratelimit", b'"user";r=8;t=60'),
        (b"ratelimit-policy", b'"user";q=9;w=60'),
    ]


@pytest.mark.parametrize(
    "headers",
    [(), (minted("core", "another-secret"),), (minted("core"), minted("core")), (minted("demo"),)],
)
def test_any_other_says_nothing(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    exchange = restored(*headers)
    assert exchange.correlation.request_id == "from-the-client"
    assert exchange.extra == [(b"x-request-id", b"from-the-client")]
