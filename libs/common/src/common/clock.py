"""The time, injected so that a rule about time can be tested without waiting."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment in UTC."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FrozenClock:
    """A clock that does not move by itself; for tests."""

    at: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def advance(self, **duration: float) -> None:
        """Move on by a `timedelta` given in its own keywords, such as `seconds=30`."""
        self.at += timedelta(**duration)
