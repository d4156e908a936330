"""The unit of work: one transaction, then Redis, then the answer."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.administration.service import Administration
from auth_service.audit.reading import AuditReading
from auth_service.audit.service import AuditLog
from auth_service.clients.cutoffs import ClientCutoffs
from auth_service.clients.registry import ClientRegistry
from auth_service.clients.service import ClientService
from auth_service.errors import CommittedRefusal
from auth_service.keys.service import KeyService
from auth_service.lockout.service import Lockout
from auth_service.mail.outbox import Outbox
from auth_service.recovery.issuing import PasswordTokens
from auth_service.revocations.changes import Changes
from auth_service.revocations.publisher import Publisher
from auth_service.revocations.repository import RevokedTokenRepository
from auth_service.sessions.service import SessionService
from auth_service.source import Source, SourceDep
from auth_service.users.service import UserService
from common.database import Database

COMMAND_LINE: Final = Source()


@dataclass(frozen=True, slots=True)
class Work:
    """The services of one transaction."""

    audit: AuditLog
    audit_reading: AuditReading
    users: UserService
    administration: Administration
    sessions: SessionService
    password_tokens: PasswordTokens
    lockout: Lockout
    outbox: Outbox
    clients: ClientService
    client_cutoffs: ClientCutoffs
    client_registry: ClientRegistry
    keys: KeyService
    revoked_tokens: RevokedTokenRepository
    changes: Changes


@dataclass(frozen=True, slots=True)
class Units:
    """Begins units of work. `compose` makes the services of one; it is wiring's."""

    database: Database
    publisher: Publisher
    compose: Callable[[AsyncSession, Source], Work]

    @asynccontextmanager
    async def begin(self, source: Source = COMMAND_LINE) -> AsyncIterator[Work]:
        """Commit when the block ends, roll back when it raises; publish only what is committed.

        A `CommittedRefusal` is raised again after both.
        """
        refusal: CommittedRefusal | None = None
        changes: Changes | None = None
        try:
            async with self.database.transaction() as session:
                work = self.compose(session, source)
                changes = work.changes
                try:
                    yield work
                except CommittedRefusal as error:
                    refusal = error
            await self.publisher.publish(changes)
        except BaseException:
            # Cut off in the middle of a commit, nobody knows what Postgres did: let it be read.
            self.publisher.in_doubt |= bool(changes)
            raise
        if refusal is not None:
            raise refusal

    @asynccontextmanager
    async def read(self, source: Source = COMMAND_LINE) -> AsyncIterator[Work]:
        """For one query that decides nothing: without a transaction around it."""
        async with self.database.reading() as session:
            yield self.compose(session, source)


async def current_units(request: Request) -> Units:
    """The app's units of work."""
    units: Units = request.app.state.units
    return units


UnitsDep = Annotated[Units, Depends(current_units)]


async def open_work(units: UnitsDep, source: SourceDep) -> AsyncIterator[Work]:
    """The request's unit of work."""
    async with units.begin(source) as work:
        yield work


# "function": committed and published before the response leaves.
WorkDep = Annotated[Work, Depends(open_work, scope="function")]
