"""Restores the revocations that Redis has lost, from Postgres: at the start and when noticed."""

from dataclasses import dataclass

from auth_service.revocations.rules import LEEWAY, Revocation, RevocationRules
from auth_service.revocations.store import Publisher
from auth_service.sessions.service import SessionService
from auth_service.tokens.floors import RestoreFloors
from auth_service.tokens.repository import RevokedTokenRepository
from auth_service.users.service import UserService
from common.clock import Clock
from common.composition import Units
from common.ids import uuid7
from common.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CurrentRevocations:
    """Reads every revocation that still stops an unexpired token."""

    sessions: SessionService
    users: UserService
    tokens: RevokedTokenRepository
    floors: RestoreFloors
    rules: RevocationRules
    clock: Clock

    async def read(self) -> list[Revocation]:
        """The revocations, as Redis has them."""
        now, make = self.clock.now(), self.rules
        ended = await self.sessions.ended_since(now - make.lifetime)
        changed = await self.users.grants_changed_since(now - make.lifetime)
        revoked = await self.tokens.all(self.tokens.expiring_after(now - LEEWAY))
        floor = await self.floors.newest_since(now - make.lifetime)
        return [
            *([make.floor(floor)] if floor is not None else ()),
            *(make.session(row.id, row.ended_at) for row in ended if row.ended_at),
            *(
                make.subject(row.id, row.token_version, row.tokens_valid_from)
                for row in changed
                if row.tokens_valid_from
            ),
            *(make.token(row.jti, row.expires_at) for row in revoked),
        ]


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Writes the revocations and the generation again."""

    units: Units
    publisher: Publisher

    async def run_if_needed(self) -> bool:
        """Rebuild when Redis lost data, missed a change or has another primary.

        Returns whether Redis is complete now.
        """
        publisher = self.publisher
        if not publisher.in_doubt and await publisher.store.is_complete_on(publisher.rebuilt):
            return True
        return await self.run()

    async def run(self) -> bool:
        """Rebuild; False when Redis lost data again meanwhile.

        The order makes it safe: first a marker is set in Redis, then Postgres is read, and the
        generation is written only while the marker exists. A revocation is thus either committed
        before the reading, or written to Redis after the marker; whatever deletes it there deletes
        the marker as well, or comes with another primary.
        """
        self.publisher.in_doubt = False  # any failure from here on sets it again
        store, rebuild_id = self.publisher.store, uuid7()
        try:
            primary = await store.begin_rebuild(rebuild_id)
            async with self.units.begin() as unit:
                revocations = await unit.get(CurrentRevocations).read()
            written_to = await store.apply(revocations)
            # Connections of one pool may lead to two servers during a failover.
            complete = written_to <= {primary} and await store.finish_rebuild(rebuild_id, primary)
            if complete:
                self.publisher.rebuilt = primary
        except BaseException:
            self.publisher.in_doubt = True
            raise
        log.info("revocations_rebuilt", revocations=len(revocations), complete=complete)
        return complete
