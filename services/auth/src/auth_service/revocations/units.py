"""Units of work whose revocations reach Redis before the answer leaves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from auth_service.errors import CommittedRefusal
from auth_service.revocations.publisher import Publisher
from auth_service.revocations.rules import PendingRevocations
from common.composition import Container, Units, Values


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
                pending = unit.get(PendingRevocations)
                try:
                    yield unit
                except CommittedRefusal as error:
                    refusal = error
            if pending.items:
                await self.publisher.publish(pending.items)
        except BaseException:
            # When a commit is interrupted, only Postgres knows whether it happened.
            self.publisher.in_doubt |= bool(pending and pending.items)
            raise
        if refusal is not None:
            raise refusal
