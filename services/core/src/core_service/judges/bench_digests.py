"""Digests activities anew after their benches have changed.

The digest tells a return's row that is sent again from one that corrects: it covers the judges, so
without this every activity of a merged judge would look corrected when its return comes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import registry_wide
from core_service.activities.content import content_hash, content_of
from core_service.activities.models import CaseActivity
from core_service.activities.repository import ActivityRepository


@dataclass(frozen=True, slots=True)
class BenchDigests:
    """Rewrites the digests of some activities; what happened stays as it was."""

    session: AsyncSession

    async def renew(self, activity_ids: Sequence[UUID]) -> None:
        """Digest these activities with the benches that they have now."""
        wanted = select(CaseActivity).where(col(CaseActivity.id).in_(activity_ids))
        wanted = registry_wide(wanted, "a merge renews the digests of all courts")
        activities = (await self.session.exec(wanted)).all()
        benches = await ActivityRepository(self.session).benches(activity_ids)
        for activity in activities:
            activity.content_hash = content_hash(content_of(activity, benches[activity.id]))
        await self.session.flush()
        for activity in activities:
            self.session.expunge(activity)
