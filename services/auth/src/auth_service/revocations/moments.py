"""From when on tokens are good again after all that are out were made worthless."""

from datetime import datetime, timedelta
from typing import Final

SECOND: Final = timedelta(seconds=1)


def next_valid_from(now: datetime, previous: datetime | None) -> datetime:
    """The first moment of issue that is not refused, given the one before.

    Tokens count whole seconds: new ones are issued as of the next second, at once; after a second
    change in one second as of the one after that, for tokens since the first are of the next one.
    """
    following = now.replace(microsecond=0) + SECOND
    return following if previous is None else max(following, previous + SECOND)
