"""Step 7: the assertion for an upstream. Its part about the caller is reused for a few seconds."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from common.assertions import AssertionMinter, RequestContext, SignedCaller
from common.clock import Clock
from gateway.policy.correlation import Correlation
from gateway.policy.quotas import QuotaFields
from gateway.policy.tokens import AccessToken

REUSED_SECONDS: Final = 10.0
CACHED_CALLERS: Final = 20_000
_Key = tuple[str, str, bytes]


@dataclass(frozen=True, slots=True)
class Identity:
    """Mints assertions; `minters` has one for each audience."""

    minters: Mapping[str, AssertionMinter]
    clock: Clock
    capacity: int = CACHED_CALLERS
    _cache: OrderedDict[_Key, tuple[SignedCaller, float]] = field(default_factory=OrderedDict)

    def assertion(
        self, audience: str, address: str, token: AccessToken | None, context: RequestContext
    ) -> bytes:
        """The caller and its address; without a token the address alone."""
        minter = self.minters[audience]
        return minter.complete(self._caller(minter, address, token), context)

    def _caller(
        self, minter: AssertionMinter, address: str, token: AccessToken | None
    ) -> SignedCaller:
        now = self.clock.now()
        seconds = now.timestamp()
        key = (minter.audience, address, token.digest if token is not None else b"")
        cached = self._cache.get(key)
        if cached is not None and cached[1] > seconds:
            return cached[0]
        claims = {"ip": address} | (dict(token.identity) if token is not None else {})
        caller = minter.begin(claims, now)
        self._cache[key] = (caller, seconds + REUSED_SECONDS)
        self._cache.move_to_end(key)
        if len(self._cache) > self.capacity:
            self._cache.popitem(last=False)
        return caller


def context_of(
    correlation: Correlation, quota: QuotaFields, maintenance: str | None = None
) -> RequestContext:
    """What the upstream gets for this one request; the client sees its quotas through it."""
    state = correlation.tracestate
    return RequestContext(
        rid=correlation.request_id,
        traceparent=correlation.traceparent.decode("ascii"),
        tracestate=state.decode("ascii") if state is not None else None,
        ratelimit=quota.state.decode("ascii"),
        ratelimit_policy=quota.policy.decode("ascii"),
        maintenance=maintenance,
    )
