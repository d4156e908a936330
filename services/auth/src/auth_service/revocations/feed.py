"""Everything that must be refused now, read from Postgres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from auth_service.clients.models import ClientCutoff
from auth_service.revocations.marks import LEEWAY_SECONDS, Mark, Marks
from auth_service.revocations.models import RevokedToken
from auth_service.sessions.models import Session
from auth_service.units import Work
from auth_service.users.models import User


@dataclass(frozen=True, slots=True)
class Feed:
    """What was revoked since a moment."""

    sessions: Sequence[Session]
    users: Sequence[User]
    tokens: Sequence[RevokedToken]
    clients: Sequence[ClientCutoff] = ()


async def read_marks(work: Work, make: Marks, now: datetime) -> list[Mark]:
    """Every mark that still stops a token which may be alive."""
    since = now - make.lifetime
    feed = Feed(
        sessions=await work.sessions.ended_since(since),
        users=await work.users.stale_since(since),
        tokens=await work.revoked_tokens.all(
            work.revoked_tokens.expiring_after(now - timedelta(seconds=LEEWAY_SECONDS))
        ),
    )
    return to_marks(feed, make)


async def read_since(work: Work, since: datetime, *, services_only: bool = False) -> Feed:
    """What was revoked at or after a moment; without sessions and users for services alone."""
    return Feed(
        sessions=() if services_only else await work.sessions.ended_since(since),
        users=() if services_only else await work.users.stale_since(since),
        clients=await work.client_cutoffs.since(since),
        tokens=await work.revoked_tokens.all(work.revoked_tokens.revoked_since(since)),
    )


def to_marks(feed: Feed, make: Marks) -> list[Mark]:
    """The marks for what a feed says."""
    return [
        *(make.session(row.id, row.ended_at) for row in feed.sessions if row.ended_at),
        *(
            make.subject(row.id, row.tokens_valid_from)
            for row in feed.users
            if row.tokens_valid_from
        ),
        *(make.token(row.jti, row.expires_at) for row in feed.tokens),
    ]
