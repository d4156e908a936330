"""Step 6: revocation and quotas in one Redis trip, or what is still known without Redis."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from time import time
from typing import Final, NamedTuple, Protocol

from opentelemetry import trace
from opentelemetry.trace import SpanKind

from gateway import metrics
from gateway.policy.local_quotas import LocalQuotas
from gateway.policy.quotas import MICROSECONDS, QuotaPolicy, QuotaState, Spending
from gateway.policy.tokens import AccessToken
from gateway.policy.trips import Argument, Call, RedisUnavailable

FLOOR_KEY: Final = "rev:floor"
GENERATION_KEY: Final = "rev:generation"
CACHED_CALLS: Final = 20_000
_QUOTA_REPLY: Final = 3


class TokenState(IntEnum):
    """What the revocation store says of a token; UNKNOWN also when the store is unavailable."""

    CLEAR = 0
    REVOKED = 1
    STALE = 2
    UNKNOWN = 3


_STATES: Final = tuple(TokenState)


class Stop(IntEnum):
    """What will refuse a request, which then must spend nothing.

    UNCLEAR: whatever Redis says but that the token is clear, its lost memory included.
    UNAVAILABLE: that, and a Redis that says nothing.
    """

    NEVER = 0
    UNCLEAR = 1
    UNAVAILABLE = 2


_CallKey = tuple[bytes, tuple[Spending, ...], Stop]


class CheckResult(NamedTuple):
    """The answer of one check; `unavailable` when Redis had no part in it."""

    token: TokenState
    spendings: Sequence[Spending]
    quotas: Sequence[QuotaState]
    unavailable: bool = False


class Trips(Protocol):
    """Takes one call to Redis, as `trips.RedisTrips` does."""

    async def call(self, call: Call) -> list[int]:
        """The script's reply. Raises RedisUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class TracedTrips:
    """Trips with a span of each call; it may share its trip with others."""

    trips: Trips

    async def call(self, call: Call) -> list[int]:
        """The script's reply. Raises RedisUnavailable."""
        tracer, attributes = trace.get_tracer(__name__), {"db.system": "redis"}
        with tracer.start_as_current_span("FCALL", kind=SpanKind.CLIENT, attributes=attributes):
            return await self.trips.call(call)


@dataclass(slots=True)
class Checks:
    """Runs step 6. `local` has this process's share of each quota."""

    trips: Trips
    local: Mapping[QuotaPolicy, QuotaPolicy]
    local_quotas: LocalQuotas = field(default_factory=LocalQuotas)
    now_seconds: Callable[[], float] = time
    _calls: dict[_CallKey, Call] = field(default_factory=dict)

    async def run(
        self, token: AccessToken | None, spendings: tuple[Spending, ...], stop: Stop
    ) -> CheckResult:
        """Check and spend; a refused request spends nothing."""
        try:
            reply = await self.trips.call(self._call(token, spendings, stop))
        except RedisUnavailable:
            metrics.DEGRADED.labels("redis").inc()
            return self._without_redis(token, spendings, stop)
        states = [
            QuotaState(reply[at], reply[at + 1], reply[at + 2] == 1)
            for at in range(2, len(reply), _QUOTA_REPLY)
        ]
        return CheckResult(_STATES[reply[1]], spendings, states)

    def _call(self, token: AccessToken | None, spendings: tuple[Spending, ...], stop: Stop) -> Call:
        """The call of this token for these accounts, the same as the last time."""
        key = (token.digest if token is not None else b"", spendings, stop)
        call = self._calls.get(key)
        if call is None:
            if len(self._calls) >= CACHED_CALLS:
                self._calls.clear()  # a new beginning is cheaper than an order to keep
            call = self._calls[key] = _call(token, spendings, stop)
        return call

    def _without_redis(
        self, token: AccessToken | None, spendings: Sequence[Spending], stop: Stop
    ) -> CheckResult:
        local = [Spending(self.local.get(item.policy, item.policy), item.key) for item in spendings]
        now_us = int(self.now_seconds() * MICROSECONDS)
        stopped = token is not None and stop is Stop.UNAVAILABLE
        states = self.local_quotas.spend(local, now_us, stopped=stopped)
        state = TokenState.CLEAR if token is None else TokenState.UNKNOWN
        return CheckResult(state, local, states, unavailable=True)


def _call(token: AccessToken | None, spendings: Sequence[Spending], stop: Stop) -> Call:
    keys: list[str] = []
    arguments: list[Argument] = [0, 0, 0, int(stop)]
    if token is not None:
        keys += (
            f"rev:sid:{token.session_id}",
            f"rev:jti:{token.token_id}",
            f"ver:sub:{token.subject}",
            FLOOR_KEY,
            GENERATION_KEY,
        )
        arguments[:3] = len(keys), token.version, token.issued_at
    for item in spendings:
        keys.append(item.key)
        arguments += (item.policy.limit, item.policy.window_us, item.policy.interval_us)
    return Call(tuple(keys), tuple(arguments))
