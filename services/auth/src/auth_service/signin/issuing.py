"""The tokens of a live session, or the refusal while only administrators may sign in."""

from dataclasses import dataclass, field
from typing import Final

from auth_service.errors import Maintenance
from auth_service.keys.issuer import AccessToken, TokenIssuer
from auth_service.sessions.opening import LiveSession
from auth_service.units import RequestOrigin
from common.identity import Role

MAINTENANCE_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session and the tokens for it; `device` after a sign-in.

    `recovery_codes` when the first second factor was added by this sign-in.
    """

    live: LiveSession
    access: AccessToken
    device: str | None = field(default=None, repr=False)
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SessionTokens:
    issuer: TokenIssuer
    origin: RequestOrigin

    def issue(self, live: LiveSession) -> SignedIn:
        """The tokens. Raises Maintenance, before anything is committed, for non-administrators."""
        is_admin = any(grant.role is Role.ADMIN for grant in live.grants.in_force)
        if self.origin.maintenance is not None and not is_admin:
            raise Maintenance(self.origin.maintenance, retry_after_seconds=MAINTENANCE_SECONDS)
        return SignedIn(live, self.issuer.for_user(live.user, live.session, live.grants))
