"""Restores what Redis has forgotten, from Postgres: at the start, and whenever it is noticed."""

from dataclasses import dataclass
from typing import Final

from auth_service.revocations.feed import read_marks
from auth_service.revocations.marks import Marks
from auth_service.revocations.publisher import Publisher
from auth_service.units import Units
from common.clock import Clock
from common.ids import uuid7
from common.logs import get_logger

BATCH: Final = 1000
CHECK_SECONDS: Final = 0.5

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Writes marks, generation and session copies again."""

    units: Units
    publisher: Publisher
    marks: Marks
    clock: Clock

    async def run_if_needed(self) -> bool:
        """Rebuild when Redis lost its memory, missed a change or has another primary.

        Returns whether its memory is whole now.
        """
        publisher = self.publisher
        if not publisher.in_doubt and await publisher.marks.is_complete_on(publisher.rebuilt):
            return True
        return await self.run()

    async def run(self) -> bool:
        """Rebuild; False when Redis lost its memory once more meanwhile.

        The order is what makes it safe: a sign is left in Redis, only then Postgres is read, and
        the generation is written only while the sign is there. A revocation is thus either
        committed before the reading, or its own mark is written after the sign was left; whatever
        wipes that mark out wipes out the sign as well, or comes with another primary.
        """
        self.publisher.in_doubt = False  # what fails from here on will set it again
        rebuild_id = uuid7()
        try:
            primary = await self.publisher.marks.begin_rebuild(rebuild_id)
            async with self.units.begin() as work:
                marks = await read_marks(work, self.marks, self.clock.now())
            written_to = await self.publisher.marks.apply(marks)
            # Connections of one pool may lead to two servers while a failover is under way.
            whole = written_to <= {primary} and await self.publisher.marks.finish_rebuild(
                rebuild_id, primary
            )
            if whole:
                self.publisher.rebuilt = primary
                await self._copy_sessions()
        except BaseException:
            self.publisher.in_doubt = True
            raise
        log.info("revocations_rebuilt", marks=len(marks), whole=whole)
        return whole

    async def _copy_sessions(self) -> None:
        last = None
        while True:
            async with self.units.begin() as work:
                batch = await work.sessions.live_after(last, BATCH)
            await self.publisher.sessions.update(batch)
            if len(batch) < BATCH:
                return
            last = batch[-1].id
