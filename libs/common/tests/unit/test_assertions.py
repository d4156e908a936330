"""One signed header says who calls and what the request carries."""

import base64
import json

import pytest

from common.assertions import NO_CONTEXT, AssertionMinter, AssertionVerifier, RequestContext
from common.clock import FrozenClock
from common.jws import TokenRefused

KEY = "0123456789abcdef" * 4
CONTEXT = RequestContext(
    rid="0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e",
    traceparent=f"00-{'a' * 32}-{'b' * 16}-01",
    tracestate='a="quoted\\",b=\u00e9',
    ratelimit='"user";r=9;t=1',
    ratelimit_policy='"user";q=10;w=60',
)
verifier = AssertionVerifier("demo", [KEY])


@pytest.mark.parametrize("ip", ["192.0.2.1", "192.0.2.10", "192.0.2.100", None])
def test_the_parts_are_one_payload_whatever_the_callers_length(
    ip: str | None, minter: AssertionMinter, clock: FrozenClock
) -> None:
    assertion = minter.mint({"ip": ip}, clock.now(), CONTEXT)
    verified = verifier.verify(assertion, clock.now())
    assert (verified.principal.ip, verified.context) == (ip, CONTEXT)
    encoded = assertion.split(".")[1]
    payload = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert payload["rid"] == CONTEXT.rid


def test_a_callers_part_serves_many_requests(minter: AssertionMinter, clock: FrozenClock) -> None:
    caller = minter.begin({"ip": "192.0.2.1"}, clock.now())
    for rid in ("first-one", "second-one"):
        assertion = minter.complete(caller, RequestContext(rid=rid)).decode()
        assert verifier.verify(assertion, clock.now()).context == RequestContext(rid=rid)


def test_what_is_not_known_is_left_out(minter: AssertionMinter, clock: FrozenClock) -> None:
    assertion = minter.mint({"ip": None}, clock.now(), RequestContext(ratelimit=""))
    assert verifier.verify(assertion, clock.now()).context == NO_CONTEXT


@pytest.mark.parametrize("claim", RequestContext._fields)
def test_what_a_request_carries_is_text(
    claim: str, minter: AssertionMinter, clock: FrozenClock
) -> None:
    with pytest.raises(TokenRefused, match="claims"):
        verifier.verify(minter.mint({"ip": None, claim: 7}, clock.now()), clock.now())


def test_a_repeated_claim_is_refused(minter: AssertionMinter, clock: FrozenClock) -> None:
    with pytest.raises(TokenRefused, match="json"):
        verifier.verify(minter.mint({"rid": "one"}, clock.now(), CONTEXT), clock.now())


def test_a_request_cannot_use_another_requests_part(
    minter: AssertionMinter, clock: FrozenClock
) -> None:
    assertion = minter.mint({"ip": None}, clock.now(), CONTEXT)
    head, payload, mac = assertion.split(".")
    changed = payload[:-4] + ("AAAA" if payload[-4:] != "AAAA" else "BBBB")
    with pytest.raises(TokenRefused, match="signature"):
        verifier.verify(f"{head}.{changed}.{mac}", clock.now())
