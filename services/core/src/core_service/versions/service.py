"""A case's versions: its registration, its changes and its activities, as they were recorded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from common.keyset import Keyed, Merged, Pager
from common.pages import PageRequest
from core_service.activities.records import ActivityContent
from core_service.activities.service import ActivityService
from core_service.cases.history import CaseHistory, differences
from core_service.cases.models import Case, CaseChange, CaseStatus, ChangeKind
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.ledger.models import CaseActivity
from core_service.sources import Source

KEY_TYPES: Final = (datetime.fromisoformat, int, UUID)
CONTENT: Final = tuple(ActivityContent.__dataclass_fields__)
# Under this name a change names another case, such as the other end of a link.
OTHER_CASE: Final = "other_id"


@dataclass(frozen=True, slots=True)
class Version:
    """One entry; `number` is the version that it gave the case, None where that is not known."""

    number: int | None
    kind: ChangeKind
    at: datetime
    by: UUID | None
    reason: str | None
    changes: Mapping[str, Any]
    activity_id: UUID | None
    source: Source

    def keyed(self, row_id: UUID) -> "Keyed[Version]":
        return Keyed((self.at, self.number or 0, row_id), self)


@dataclass(frozen=True, slots=True)
class VersionService:
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
            found = _registered(case).keyed(case.id)
            return [found][:limit] if after is None or found.key > tuple(after) else []

        async def changed(after: Sequence[Any] | None, limit: int) -> Sequence[Keyed[Version]]:
            changes = await self.history.behind(case.id, after, limit)
            known = await self._known(changes, seen)
            return [_changed(change, known).keyed(change.id) for change in changes]

        async def recorded(after: Sequence[Any] | None, limit: int) -> Sequence[Keyed[Version]]:
            found = await self.activities.as_recorded(case.id, after, limit)
            corrected = await self.activities.corrected(case.id, found)
            benches = await self.activities.benches([*found, *corrected.values()])
            contents = {
                each.id: _content(each, benches[each.id]) for each in (*found, *corrected.values())
            }
            return [_recorded(each, contents).keyed(each.id) for each in found]

        purpose = f"versions\x00{case.id}"
        readers = [registered, changed, recorded]
        return await self.pager.merge(readers, KEY_TYPES, page, purpose=purpose)

    async def _known(
        self, changes: Sequence[CaseChange], seen: Sequence[Visibility]
    ) -> Collection[UUID]:
        """The other cases named by changes, as far as the caller may know of them."""
        named = [other for change in changes if (other := _other_case(change)) is not None]
        found = [await self.cases.some(named, each) for each in seen] if named else []
        return {case.id for cases in found for case in cases}


def _other_case(change: CaseChange) -> UUID | None:
    named = change.changes.get(OTHER_CASE)
    return UUID(named) if named else None


def _registered(case: Case) -> Version:
    return Version(
        number=1,
        kind=ChangeKind.REGISTERED,
        at=case.created_at,
        by=case.created_by,
        reason=None,
        changes={},
        activity_id=None,
        source=Source.of(case),
    )


def _changed(change: CaseChange, known_cases: Collection[UUID]) -> Version:
    other_id = _other_case(change)
    # As a change that left every field as it was: a gap in the numbers would reveal a link.
    hidden = other_id is not None and other_id not in known_cases
    changes = {} if hidden else dict(change.changes)
    activity_id = changes.pop("activity_id", None)
    return Version(
        number=change.case_version,
        kind=ChangeKind.CHANGED if hidden else change.kind,
        at=change.changed_at,
        by=change.changed_by,
        reason=None if hidden else change.reason,
        changes=changes,
        activity_id=UUID(activity_id) if activity_id else None,
        source=Source.of(change),
    )


def _recorded(activity: CaseActivity, contents: Mapping[UUID, Mapping[str, Any]]) -> Version:
    corrected = contents.get(activity.supersedes_id) if activity.supersedes_id else None
    return Version(
        number=activity.case_version,
        kind=_kind(activity),
        at=activity.created_at,
        by=activity.created_by,
        reason=activity.details if activity.sets_status else None,
        changes=differences(corrected, contents[activity.id]) if corrected else {},
        activity_id=activity.id,
        source=Source.of(activity),
    )


def _kind(activity: CaseActivity) -> ChangeKind:
    if activity.supersedes_id is not None:
        return ChangeKind.CORRECTED
    if activity.counterpart_id is not None:
        return ChangeKind.RECEIVED
    if activity.sets_status is not None:
        sent = activity.sets_status == CaseStatus.TRANSFERRED
        return ChangeKind.TRANSFERRED if sent else ChangeKind.STATUS_SET
    return ChangeKind.RECORDED


def _content(activity: CaseActivity, bench: Sequence[UUID]) -> dict[str, Any]:
    content = {name: getattr(activity, name) for name in CONTENT if name != "judge_ids"}
    return {"judge_ids": list(bench)} | content
