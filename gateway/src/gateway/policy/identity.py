"""Step 7: the gateway's word to an upstream, reused for a few seconds per token and address."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from common.assertions import AssertionMinter
from common.clock import Clock
from gateway.policy.tokens import AccessToken

REUSED_SECONDS: Final = 10.0
CACHED_ASSERTIONS: Final = 20_000
_Key = tuple[str, str, bytes]


@dataclass(frozen=True, slots=True)
class Identity:
    """Mints assertions; `minters` has one for each audience."""

    minters: Mapping[str, AssertionMinter]
    clock: Clock
    capacity: int = CACHED_ASSERTIONS
    _cache: OrderedDict[_Key, tuple[str, float]] = field(default_factory=OrderedDict)

    def assertion(self, audience: str, address: str, token: AccessToken | None) -> str:
        """Who calls from where. Without a token it names nobody, yet vouches for the address."""
        now = self.clock.now()
        key = (audience, address, token.digest if token is not None else b"")
        cached = self._cache.get(key)
        if cached is not None and cached[1] > now.timestamp():
            return cached[0]
        claims = {"ip": address} | (dict(token.identity) if token is not None else {})
        assertion = self.minters[audience].mint(claims, now)
        self._cache[key] = (assertion, now.timestamp() + REUSED_SECONDS)
        self._cache.move_to_end(key)
        if len(self._cache) > self.capacity:
            self._cache.popitem(last=False)
        return assertion
