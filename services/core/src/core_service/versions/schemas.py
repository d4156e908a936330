"""Bodies of responses about a case's history."""

from collections.abc import Mapping
from dataclasses import asdict
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
        more = {"version": entry.number, "by": PersonRead.of(entry.by, names)}
        return cls.model_validate(asdict(entry) | more)


class VersionList(ResponseModel):
    """A case's history as a record, the earliest first."""

    items: list[VersionRead]
    next_cursor: str | None = None
