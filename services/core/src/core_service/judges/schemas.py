"""Bodies of requests and responses about postings and merges."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.dates import Day
from common.schemas import RequestModel, ResponseModel
from core_service.judges.merging import Merged

Reason = Annotated[str, StringConstraints(max_length=500)]


class PostingCreate(RequestModel):
    """A posting to add; `to` is the first day that it is over."""

    court_id: UUID
    from_on: Day = Field(alias="from", examples=["2026-01-12"])
    to_on: Day | None = Field(default=None, alias="to")
    principal: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> "PostingCreate":
        if self.to_on is not None and self.to_on <= self.from_on:
            raise ValueError("to must be after from")
        return self


class PostingEnd(RequestModel):
    """When a posting ends; null makes it open again."""

    to_on: Day | None = Field(alias="to")


class PostingRead(ResponseModel):
    """Where a judge sits, and from when to when."""

    id: UUID
    judge_id: UUID
    court_id: UUID
    from_on: date = Field(serialization_alias="from")
    to_on: date | None = Field(serialization_alias="to")
    principal: bool
    version: int


class PostingList(ResponseModel):
    """A judge's postings, the latest first."""

    items: list[PostingRead]


class JudgeMergeCreate(RequestModel):
    """Which judge's record this one becomes."""

    into_id: UUID
    reason: Reason | None = None


class JudgeMergeRead(ResponseModel):
    """A merge, and how many references of each kind it moved."""

    id: UUID
    judge_id: UUID
    into_id: UUID
    reason: str | None
    merged_at: datetime
    merged_by: UUID | None
    undone_at: datetime | None
    moved: dict[str, int]

    @classmethod
    def of(cls, merged: Merged) -> "JudgeMergeRead":
        """A merge as it is now."""
        merge = merged.merge
        made = {"merged_at": merge.created_at, "merged_by": merge.created_by}
        return cls.model_validate(merge.model_dump() | made | {"moved": merged.moved})
