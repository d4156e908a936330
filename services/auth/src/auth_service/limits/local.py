"""Accounts of limits in this process alone: what guards sign-in while Redis is unavailable."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic_ns
from typing import Final

from auth_service.limits.rules import Denial, Spending, spend

# Beyond so many accounts empty ones are dropped, then all: memory stays bounded under attack.
MAX_ACCOUNTS: Final = 50_000


def _now_us() -> int:
    return monotonic_ns() // 1000


@dataclass(slots=True)
class LocalLimits:
    """Spends in memory, by the stricter limits that hold without Redis."""

    now_us: Callable[[], int] = _now_us
    empty_at_us: dict[str, int] = field(default_factory=dict)

    def spend(self, spendings: Sequence[Spending]) -> Denial | None:
        """Spend every account, or none and say which was empty."""
        now = self.now_us()
        self._bound(now)
        after: dict[str, int] = {}
        for spending in spendings:
            limit = spending.policy.without_redis
            spent = spend(self.empty_at_us.get(spending.key, 0), now, limit)
            if spent.wait_us:
                return Denial(spending.policy, spent.wait_us)
            after[spending.key] = spent.empty_at_us
        self.empty_at_us.update(after)
        return None

    def _bound(self, now: int) -> None:
        if len(self.empty_at_us) < MAX_ACCOUNTS:
            return
        self.empty_at_us = {key: at for key, at in self.empty_at_us.items() if at > now}
        if len(self.empty_at_us) >= MAX_ACCOUNTS:
            self.empty_at_us.clear()
