"""When signing keys change their state."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

JWKS_SECONDS: Final = 300
RELOAD_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class KeyRules:
    """The times of a rotation; `token_life` is that of the longest access token and its leeway.

    A replica reads the keys every `reload_seconds`, a verifier every `jwks_seconds` at the latest.
    """

    token_life: timedelta
    algorithm: str = "ES256"
    rotation_days: float = 0
    jwks_seconds: float = JWKS_SECONDS
    reload_seconds: float = RELOAD_SECONDS

    @property
    def publication(self) -> timedelta:
        """How long a key is published before it signs: until every verifier must know it.

        A replica may publish it one reload late; the second reload is for a late reading.
        """
        return timedelta(seconds=self.jwks_seconds + 2 * self.reload_seconds)

    @property
    def retirement(self) -> timedelta:
        """How long a key is published after it was replaced: until no token of it is alive.

        A replica that has not read of the change yet goes on signing with it until it does.
        """
        return self.token_life + timedelta(seconds=2 * self.reload_seconds)

    def may_sign(self, published_at: datetime, now: datetime) -> bool:
        """Whether a key that waits has been published for long enough."""
        return now - published_at >= self.publication

    def is_old(self, activated_at: datetime, now: datetime) -> bool:
        """Whether it is time to publish the key after this one."""
        if not self.rotation_days:
            return False
        return now - activated_at >= timedelta(days=self.rotation_days) - self.publication
