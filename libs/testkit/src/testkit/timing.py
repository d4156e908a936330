"""Bounds on how long something takes. What else a machine does can only make it take longer, so a
test marked `quiet` that fails by such a bound alone is run again, up to twice.
"""

from typing import Final

RUNS_AGAIN: Final = 2


class TooSlow(AssertionError):
    """Something took longer than it may."""


def require_within(seconds: float, limit: float, what: str = "") -> None:
    """Raise TooSlow when something took `limit` seconds or more."""
    if seconds >= limit:
        raise TooSlow(f"{what or 'it'} took {seconds:.3f} s, and may take {limit} s")
