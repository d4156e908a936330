"""Batches take turns: one transaction that processes rows of each after the other, in the order in
which they ask.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

# With others waiting a turn is this many rows at most, so that a small file is done in seconds.
SHARED_ROWS: Final = 500


@dataclass(slots=True)
class Turns:
    """The turns of one worker, which processes several batches at a time.

    It computes on one core: without turns each step of a small file would wait for a large one.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    batches: int = 0

    @asynccontextmanager
    async def among_others(self) -> AsyncIterator[None]:
        """For as long as a batch is processed."""
        self.batches += 1
        try:
            yield
        finally:
            self.batches -= 1

    def rows(self, most: int) -> int:
        """How many rows the next turn may take."""
        return most if self.batches <= 1 else min(most, SHARED_ROWS)
