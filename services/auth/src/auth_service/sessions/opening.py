"""What a sign-in says of its device, what it gives, and how long sessions last."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from auth_service.sessions.models import Delivery, Method, Session
from auth_service.users.grants import CurrentGrants
from auth_service.users.models import User


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long sessions last, and how long the previous refresh token is accepted.

    Other sessions can be ended only up to `recent` after a sign-in; zero means at any time.
    `device_letters` says whether users are notified of sign-ins from new devices.
    """

    idle: timedelta
    absolute: timedelta
    window: timedelta
    recent: timedelta = timedelta(0)
    device_letters: bool = True


@dataclass(frozen=True, slots=True)
class Device:
    """What signs in, and how; `counter` is what its failed sign-ins are counted under.

    `previous` is the refresh token of the session that it has so far. `authenticated_at` is when
    the user has shown it elsewhere, if not now. `is_known` says whether it has
    signed in to the account before. `session_id` is decided before the session is opened, if the
    sign-in began at a directory.
    """

    delivery: Delivery
    name: str | None
    ip: str | None
    user_agent: str | None
    counter: bytes
    amr: tuple[Method, ...] = (Method.PASSWORD,)
    previous: str | None = field(default=None, repr=False)
    authenticated_at: datetime | None = None
    is_known: bool = False
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session, its user with grants in force, and its current refresh token."""

    user: User
    session: Session
    refresh_token: str
    grants: CurrentGrants
