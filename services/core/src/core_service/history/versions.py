"""What has happened to a case's record: changes and activities in the order they were made."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from common.keyset import Keyed
from core_service.activities.models import CaseActivity
from core_service.activities.records import ActivityContent
from core_service.cases.models import Case, CaseStatus
from core_service.history.models import CaseChange, ChangeKind
from core_service.history.service import differences
from core_service.sources import Source

Benches = Mapping[UUID, Sequence[UUID]]
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


Recorded = Mapping[UUID, CaseActivity]


def other_case(change: CaseChange) -> UUID | None:
    """The other case that a change names."""
    named = change.changes.get(OTHER_CASE)
    return UUID(named) if named else None


def registered_entries(case: Case) -> list[Keyed[Version]]:
    """The case's registration."""
    return [_keyed(_registered(case), case.id)]


def changed_entries(
    changes: Iterable[CaseChange], known_cases: Collection[UUID]
) -> list[Keyed[Version]]:
    """Changes that are no activities; `known_cases` are other cases the reader may know of."""
    return [_keyed(_changed(change, known_cases), change.id) for change in changes]


def recorded_entries(
    activities: Sequence[CaseActivity], corrected: Recorded, benches: Benches
) -> list[Keyed[Version]]:
    """Activities, those that count no more too; `corrected` has those that they correct."""
    entries = _recorded(activities, corrected, benches)
    return [_keyed(entry, activity.id) for activity, entry in zip(activities, entries, strict=True)]


def _keyed(entry: Version, entry_id: UUID) -> Keyed[Version]:
    return Keyed((entry.at, entry.number or 0, entry_id), entry)


def _registered(case: Case) -> Version:
    source = Source(case.source_kind, case.batch_id, case.filename, case.row_no)
    return Version(
        number=1,
        kind=ChangeKind.REGISTERED,
        at=case.created_at,
        by=case.created_by,
        reason=None,
        changes={},
        activity_id=None,
        source=source,
    )


def _changed(change: CaseChange, known_cases: Collection[UUID]) -> Version:
    other_id = other_case(change)
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
        source=Source(change.source_kind, change.batch_id, change.filename, change.row_no),
    )


def _recorded(
    activities: Iterable[CaseActivity], known: Recorded, benches: Benches
) -> Iterator[Version]:
    for activity in activities:
        old = known.get(activity.supersedes_id) if activity.supersedes_id else None
        source = (activity.source_kind, activity.batch_id, activity.filename, activity.row_no)
        yield Version(
            number=activity.case_version,
            kind=_kind(activity),
            at=activity.created_at,
            by=activity.created_by,
            reason=activity.details if activity.sets_status else None,
            changes=differences(_said(old, benches), _said(activity, benches)) if old else {},
            activity_id=activity.id,
            source=Source(*source),
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


def _said(activity: CaseActivity, benches: Benches) -> dict[str, Any]:
    bench = {"judge_ids": list(benches[activity.id])}
    return bench | {name: getattr(activity, name) for name in CONTENT if name != "judge_ids"}
