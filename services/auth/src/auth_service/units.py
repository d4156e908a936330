"""Units of work: what a request adds to one, and revocations that reach Redis before the answer.

With an `Idempotency-Key` a rolled-back trial of the work publishes no revocations.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from fastapi import Request

from auth_service.errors import CommittedRefusal
from auth_service.revocations.rules import PendingRevocations
from auth_service.revocations.store import Publisher
from common.caller import current_context
from common.composition import Container, Units, Values
from common.identity import Principal

MAX_USER_AGENT: Final = 512


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """Who acts, from which address and with what program; all unknown for the command line.

    `maintenance` is the operator's text while only administrators may sign in.
    """

    ip: str | None = None
    user_agent: str | None = None
    actor_id: UUID | None = None
    client_id: str | None = None
    maintenance: str | None = None

    @classmethod
    def of(cls, request: Request) -> "RequestOrigin":
        """Only the address in the assertion can be trusted."""
        principal: Principal = request.state.principal or Principal(kind="anonymous")
        agent = request.headers.get("user-agent", "").replace("\x00", "")[:MAX_USER_AGENT]
        client_id = principal.client_id if principal.kind == "service" else None
        maintenance = current_context(request).maintenance
        return cls(principal.ip, agent or None, principal.user_id, client_id, maintenance)

    @classmethod
    def values(cls, request: Request) -> Values:
        """What a request adds to its units of work."""
        return {cls: cls.of(request)}


@dataclass(frozen=True, slots=True)
class AfterCommit:
    """What one unit of work has to do once it is committed; it cannot fail."""

    calls: list[Callable[[], object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthUnits(Units):
    """Publishes only what is committed; a `CommittedRefusal` is raised again after both."""

    publisher: Publisher

    @asynccontextmanager
    async def begin(self, values: Values | None = None) -> AsyncIterator[Container]:
        """Commit when the block ends, roll back when it raises; then publish."""
        refusal: CommittedRefusal | None = None
        pending: PendingRevocations | None = None
        try:
            async with self.database.transaction() as session:
                unit = self.container(session, values)
                pending, after = unit.get(PendingRevocations), unit.get(AfterCommit)
                try:
                    yield unit
                except CommittedRefusal as error:
                    refusal = error
            for call in after.calls:
                call()
            if pending.items:
                await self.publisher.publish(pending.items)
        except BaseException:
            # When a commit is interrupted, only Postgres knows whether it happened.
            self.publisher.in_doubt |= bool(pending and pending.items)
            raise
        if refusal is not None:
            raise refusal
