"""A case's history as a record: what three sources have, a page at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from common.keyset import Keyed, Merged, Pager
from common.pages import PageRequest
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.history.models import CaseChange
from core_service.history.service import CaseHistory
from core_service.history.versions import (
    Version,
    changed_entries,
    other_case,
    recorded_entries,
    registered_entries,
)

READ: Final = (datetime.fromisoformat, int, UUID)


@dataclass(frozen=True, slots=True)
class VersionReading:
    """Reads the versions of cases; the caller has read the case before."""

    history: CaseHistory
    activities: ActivityService
    cases: CaseService
    pager: Pager

    async def page(
        self, case: Case, seen: Sequence[Visibility], page: PageRequest
    ) -> Merged[Version]:
        """Every change and every activity, the earliest first; `seen` is what the caller may know.

        Raises CursorInvalid.
        """

        async def registered(after: Sequence[Any] | None, limit: int) -> Sequence[Keyed[Version]]:
            found = registered_entries(case)
            return [each for each in found if after is None or each.key > tuple(after)][:limit]

        async def changed(after: Sequence[Any] | None, limit: int) -> Sequence[Keyed[Version]]:
            changes = await self.history.behind(case.id, after, limit)
            return changed_entries(changes, await self._known(changes, seen))

        async def recorded(after: Sequence[Any] | None, limit: int) -> Sequence[Keyed[Version]]:
            found = await self.activities.as_recorded(case.id, after, limit)
            corrected = await self.activities.corrected(case.id, found)
            benches = await self.activities.benches([*found, *corrected.values()])
            return recorded_entries(found, corrected, benches)

        purpose = f"versions\x00{case.id}"
        return await self.pager.merge([registered, changed, recorded], READ, page, purpose=purpose)

    async def _known(
        self, changes: Sequence[CaseChange], seen: Sequence[Visibility]
    ) -> Collection[UUID]:
        """The other cases named by changes, as far as the caller may know of them."""
        named = [other for change in changes if (other := other_case(change)) is not None]
        found = [await self.cases.some(named, each) for each in seen] if named else []
        return {case.id for cases in found for case in cases}
