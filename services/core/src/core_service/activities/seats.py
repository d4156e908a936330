"""The seats of judges on benches, for merges: who sat is moved from one judge to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Executable, Select, delete, insert, select
from sqlmodel import col

from core_service.access.reach import registry_wide
from core_service.activities.records import content_hash, content_of
from core_service.activities.repository import ActivityRepository
from core_service.cases.models import Case
from core_service.ledger.models import ActivityJudge, CaseActivity

ENTITY: Final = str(CaseActivity.__tablename__)
AnySelect = Select[*tuple[Any, ...]]
WHY: Final = "a merge moves every seat, at all courts"


@dataclass(frozen=True, slots=True)
class Seats:
    """Statements that the caller completes with its own tables, for all benches at once."""

    activities: ActivityRepository

    def of_both(self, judge_id: UUID, into_id: UUID) -> AnySelect:
        """Activity, position and judge: the seats of both on the benches of the first."""
        activity_id, seated = col(ActivityJudge.activity_id), col(ActivityJudge.judge_id)
        statement: AnySelect = select(activity_id, col(ActivityJudge.position), seated).where(
            seated.in_([judge_id, into_id]),
            activity_id.in_(select(activity_id).where(seated == judge_id)),
        )
        return registry_wide(statement, WHY)

    def located(self) -> AnySelect:
        """Of every activity its ID, its case and the court of that."""
        activity_id, case_id = col(CaseActivity.id), col(CaseActivity.case_id)
        statement: AnySelect = select(
            activity_id.label("activity_id"), case_id, col(Case.court_id)
        ).join(Case, col(Case.id) == case_id)
        return registry_wide(statement, WHY)

    async def clear(self, activity_ids: AnySelect, judge_ids: Sequence[UUID]) -> None:
        """Empty the seats of these judges at these activities."""
        here = col(ActivityJudge.activity_id).in_(activity_ids)
        await self._run(
            delete(ActivityJudge).where(here, col(ActivityJudge.judge_id).in_(judge_ids))
        )

    async def fill(self, seats: AnySelect) -> None:
        """Seat judges: activity, position and judge."""
        names = ["activity_id", "position", "judge_id"]
        await self._run(insert(ActivityJudge).from_select(names, seats))

    async def renew_hashes(self, activity_ids: Sequence[UUID]) -> None:
        """Digest activities again whose judges have been replaced by others.

        The digest tells a return's row that is sent again from one that corrects; it covers the
        judges, so otherwise each activity of a merged judge would look corrected.
        """
        found = await self.activities.all(self.activities.by_ids(activity_ids))
        benches = await self.activities.benches(activity_ids)
        for activity in found:
            activity.content_hash = content_hash(content_of(activity, benches[activity.id]))
        await self.activities.session.flush()
        for activity in found:
            self.activities.session.expunge(activity)

    async def _run(self, statement: Executable) -> None:
        connection = await self.activities.session.connection()
        await connection.execute(registry_wide(statement, WHY))
