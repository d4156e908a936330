"""Bodies of responses about a case's history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from common.schemas import ResponseModel
from core_service.cases.models import ChangeKind
from core_service.entries.schemas import SourceRead
from core_service.people import PersonRead
from core_service.versions.service import Version


class VersionRead(ResponseModel):
    """Who changed what, when, and from which file and row."""

    version: int | None = Field(description="the version that the case got by it")
    kind: ChangeKind
    at: datetime
    by: PersonRead | None
    reason: str | None
    changes: dict[str, Any] = Field(
        examples=[{"filed_on": {"from": "2025-02-03", "to": "2025-02-10"}}]
    )
    activity_id: UUID | None
    source: SourceRead

    @classmethod
    def of(cls, entry: Version, names: Mapping[UUID, str | None]) -> "VersionRead":
        return cls(
            version=entry.number,
            kind=entry.kind,
            at=entry.at,
            by=PersonRead.of(entry.by, names),
            reason=entry.reason,
            changes=dict(entry.changes),
            activity_id=entry.activity_id,
            source=SourceRead.model_validate(entry.source),
        )


class VersionList(ResponseModel):
    """A case's history as a record, the earliest first."""

    items: list[VersionRead]
    next_cursor: str | None = None
