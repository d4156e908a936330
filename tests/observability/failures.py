"""Which alert an operator gets of each failure that the system has to survive.

The failures are those that tests/failure provokes.
"""

from collections.abc import Mapping
from typing import Final

ALERTS: Final[Mapping[str, frozenset[str]]] = {
    "auth, core, the worker, the policy service or the edge is killed": frozenset({"TargetDown"}),
    "Postgres restarts or is killed": frozenset({"DatabaseUnavailable"}),
    "a storm of connections to Postgres": frozenset({"DatabaseConnectionsExhausted"}),
    "Redis is killed or paused": frozenset({"RedisUnavailable"}),
    "the memory of Redis is full": frozenset({"RedisUnavailable"}),
    "Redis is flushed or fails over, and its marks are not rebuilt": frozenset(
        {"RevocationUnavailable"}
    ),
    "auth is unavailable for an hour": frozenset({"TargetDown", "ServiceUnavailable"}),
    "keys rotate, a version is deployed": frozenset(),  # no user notices
    "parallel refreshes, a refresh during sign-out": frozenset(),  # are served
    "a refresh token is replayed": frozenset({"RefreshTokenReused"}),
    "a storm of guesses at passwords": frozenset({"SignInFailuresHigh", "PasswordHashingBusy"}),
    "thousands of connections, slow clients": frozenset({"ServiceBusy"}),
    "huge bodies, deep JSON, bombs": frozenset({"MemoryHigh"}),  # when they are not refused
    "clocks differ": frozenset({"ClockSkewed"}),
    "the disk of Postgres is full": frozenset({"DatabaseOutOfResources"}),
}
# What no test brings about on a running stack, and why: promtool alone proves its alert.
NOT_PROVOKED: Final[Mapping[str, str]] = {
    "huge bodies, deep JSON, bombs": "they are refused: no request makes a process take 600 MB",
}
