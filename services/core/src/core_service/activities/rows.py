"""Rows of a new activity."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from core_service.access.actors import Actor
from core_service.activities.content import content_hash
from core_service.activities.models import ActivityJudge, CaseActivity
from core_service.activities.records import ActivityContent, ActivityRecord
from core_service.stamps import first_stamp


def activity_row(
    record: ActivityRecord, case_id: UUID, seq: int, by: Actor, now: datetime
) -> CaseActivity:
    """The activity itself."""
    content, source = record.content, record.source
    return CaseActivity(
        **first_stamp(by, now),
        case_id=case_id,
        seq=seq,
        **content.columns(),
        source_kind=source.kind,
        batch_id=source.batch_id,
        filename=source.filename,
        row_no=source.row_no,
        content_hash=content_hash(content),
        supersedes_id=record.supersedes,
        sets_status=record.act.sets if record.act else None,
        counterpart_id=record.act.counterpart_id if record.act else None,
    )


def bench_rows(activity_id: UUID, content: ActivityContent) -> Iterator[ActivityJudge]:
    """Who sat, the lead first."""
    for position, judge_id in enumerate(content.judge_ids, start=1):
        yield ActivityJudge(activity_id=activity_id, position=position, judge_id=judge_id)
