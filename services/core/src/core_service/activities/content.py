"""Pure rules about what an activity says: its hash, and if it is new, known or a correction."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Final
from uuid import UUID

from core_service.activities.models import CaseActivity
from core_service.activities.records import ActivityContent, Likeness, Match

# `dataclasses.astuple` copies every value, for each row of a return.
_SAID: Final = attrgetter(*(field.name for field in fields(ActivityContent)))


@dataclass(frozen=True, slots=True)
class Known:
    """What of a live activity decides whether another record is the same or corrects it."""

    activity_id: UUID
    activity_on: date
    activity_type_id: UUID
    lead_judge_id: UUID | None
    content_hash: bytes

    @classmethod
    def of(cls, activity: CaseActivity, lead_judge_id: UUID | None) -> "Known":
        """What is known of a live activity."""
        return cls(
            activity.id,
            activity.activity_on,
            activity.activity_type_id,
            lead_judge_id,
            activity.content_hash,
        )


def content_hash(content: ActivityContent) -> bytes:
    """A digest of all that is said, after names are resolved, so that spelling does not matter."""
    plain = json.dumps(_SAID(content), default=str, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).digest()


def content_of(activity: CaseActivity, bench: Sequence[UUID]) -> ActivityContent:
    """What a recorded activity says."""
    said = {
        field.name: getattr(activity, field.name)
        for field in fields(ActivityContent)
        if field.name != "judge_ids"
    }
    return ActivityContent(judge_ids=tuple(bench), **said)


def compare(content: ActivityContent, live: Iterable[Known]) -> Match:
    """SAME when a live activity says just this; CORRECTION when it is of the same day, purpose and
    lead judge but says something else; NEW otherwise.
    """
    known = list(live)
    digest = content_hash(content)
    for activity in known:
        if activity.content_hash == digest:
            return Match(Likeness.SAME, activity.activity_id)
    lead = content.judge_ids[0] if content.judge_ids else None
    identity = (content.activity_on, content.activity_type_id, lead)
    for activity in known:
        if (activity.activity_on, activity.activity_type_id, activity.lead_judge_id) == identity:
            return Match(Likeness.CORRECTION, activity.activity_id)
    return Match(Likeness.NEW)
