"""Quotas: what they allow, and how clients see them.

The RateLimit fields follow draft-ietf-httpapi-ratelimit-headers in RFC 9651 syntax.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

MICROSECONDS: Final = 1_000_000
_FORM: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` requests in `window_seconds`; written `600/60` in the configuration."""

    limit: int
    window_seconds: int = 60

    @classmethod
    def parse(cls, value: Any) -> "Quota | None":
        """Read `limit/seconds`, or `off` for no quota. Raises ValueError."""
        if value is None or isinstance(value, Quota):
            return value
        text = str(value).strip()
        if text == "off":
            return None
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError("must be written as requests/seconds, such as 600/60, or off")
        return cls(int(match[1]), int(match[2]))

    def scaled(self, part: float) -> "Quota":
        """A part or a multiple of it, never less than one request."""
        return Quota(max(1, int(self.limit * part)), self.window_seconds)


@dataclass(frozen=True, slots=True)
class QuotaPolicy:
    """A quota with its public name; times are in integer microseconds."""

    name: str
    quota: Quota
    limit: int = field(init=False)
    window_us: int = field(init=False)
    interval_us: int = field(init=False)
    field_text: str = field(init=False)

    def __post_init__(self) -> None:
        window_us = self.quota.window_seconds * MICROSECONDS
        put = object.__setattr__
        put(self, "limit", self.quota.limit)
        put(self, "window_us", window_us)
        put(self, "interval_us", max(1, window_us // self.quota.limit))
        put(self, "field_text", f'"{self.name}";q={self.quota.limit};w={self.quota.window_seconds}')


@dataclass(frozen=True, slots=True, eq=False)
class Spending:
    """One policy that a request spends, and from whose account; quick to find again by identity."""

    policy: QuotaPolicy
    key: str


class QuotaState(NamedTuple):
    """A policy after the request: what remains, and when more comes."""

    remaining: int
    reset_us: int
    violated: bool = False

    @property
    def reset_seconds(self) -> int:
        """Whole seconds, rounded up, so that a client that waits that long is admitted."""
        return max(1, -(-self.reset_us // MICROSECONDS))


class QuotaFields(NamedTuple):
    """The values of `RateLimit-Policy` and `RateLimit`."""

    policy: bytes = b""
    state: bytes = b""

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        if not self.policy:
            return ()
        return ((b"ratelimit-policy", self.policy), (b"ratelimit", self.state))


NO_FIELDS: Final = QuotaFields()


def quota_fields(spendings: Sequence[Spending], states: Sequence[QuotaState]) -> QuotaFields:
    """The first policy, and any other that is nearer to its end."""
    if not spendings:
        return NO_FIELDS
    first, *others = zip(spendings, states, strict=True)
    least = first[1].remaining
    shown = [first, *(each for each in others if each[1].violated or each[1].remaining < least)]
    policies = ", ".join([spending.policy.field_text for spending, _ in shown])
    values = ", ".join([_value(spending.policy.name, state) for spending, state in shown])
    return QuotaFields(policies.encode(), values.encode())


def _value(name: str, state: QuotaState) -> str:
    return f'"{name}";r={state.remaining};t={state.reset_seconds}'
