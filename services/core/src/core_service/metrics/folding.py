"""Folds what writes have added to the caseload into its totals. The worker does it every minute.

Writers append only, so none waits for another; readers see a change once, before and after.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from procrastinate import App, JobContext
from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from common.clock import Clock
from common.composition import Units, session_of
from core_service.access.reach import registry_wide

FOLD_TASK: Final = "metrics:fold"
EVERY_MINUTE: Final = "* * * * *"
AT_ONCE: Final = 20_000
# Stored answers are younger, and so is any transaction that may still mark a change.
MARKS_STORED: Final = timedelta(days=1)
WHY: Final = "sums without a case or a text; none is shown"

TAKE_TURNS: Final = text("SELECT pg_advisory_xact_lock(4061520020)")
FOLD: Final = text("""
WITH taken AS (
  DELETE FROM caseload_deltas WHERE id IN (SELECT id FROM caseload_deltas ORDER BY id LIMIT :most)
  RETURNING effective_on, court_id, case_type_id, kind, count
), levels AS (
  SELECT level, starts_on, court_id, case_type_id, kind, count
  FROM taken CROSS JOIN LATERAL (VALUES
    ('month', date_trunc('month', effective_on)::date),
    ('half', make_date(extract(year FROM effective_on)::int,
      CASE WHEN extract(month FROM effective_on) < 7 THEN 1 ELSE 7 END, 1)),
    ('ever', DATE '1900-01-01')
  ) levels (level, starts_on)
), cells AS (
  INSERT INTO caseload_totals AS totals (level, starts_on, court_id, case_type_id, kind, count)
  SELECT level, starts_on, court_id, case_type_id, kind, sum(count)
  FROM levels GROUP BY level, starts_on, court_id, case_type_id, kind
  ON CONFLICT (level, starts_on, court_id, case_type_id, kind)
  DO UPDATE SET count = totals.count + excluded.count
)
SELECT count(*) FROM taken
""")
UNFOLDED: Final = Gauge(
    "core_caseload_unfolded_rows", "Changes of the caseload that are not in its totals"
)
COUNT: Final = text("SELECT count(*) FROM caseload_deltas")
FORGET: Final = text("DELETE FROM figure_changes WHERE changed_at < :before")


@dataclass(frozen=True, slots=True)
class CaseloadFolding:
    """Keeps the totals compact."""

    units: Units
    clock: Clock

    async def fold(self) -> int:
        """Fold all that is there; how many rows that was."""
        folded = 0
        while found := await self._fold_some():
            folded += found
        async with self.units.begin() as unit:
            connection = await session_of(unit).connection()
            await connection.execute(FORGET, {"before": self.clock.now() - MARKS_STORED})
        return folded

    async def _fold_some(self) -> int:
        async with self.units.begin() as unit:
            connection = await session_of(unit).connection()
            await connection.execute(TAKE_TURNS)
            folded = await connection.execute(registry_wide(FOLD, WHY), {"most": AT_ONCE})
            return int(folded.scalar_one())


async def sample_unfolded(connection: AsyncConnection) -> None:
    """How far the totals are behind; figures count the rest from the changes."""
    UNFOLDED.set((await connection.execute(COUNT)).scalar_one())


def register(jobs: App) -> None:
    """Let this app's worker fold."""
    jobs.task(name=FOLD_TASK, pass_context=True)(_fold)


def schedule(jobs: App) -> None:
    """Have this app's worker queue it; the task is registered."""
    jobs.periodic(cron=EVERY_MINUTE)(jobs.tasks[FOLD_TASK])


async def _fold(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    core: Any = context.additional_context["core"]
    await core.get(CaseloadFolding).fold()
