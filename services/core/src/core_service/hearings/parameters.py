"""Query parameters of the lists of a court's day."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query

from common.dates import Day


@dataclass(frozen=True, slots=True)
class DayQuery:
    """A court's day."""

    court: Annotated[UUID, Query(description="the court")]
    on: Annotated[Day, Query(alias="date", examples=["2026-03-02"])]


@dataclass(frozen=True, slots=True)
class ListQuery(DayQuery):
    """A court's day, of one judge or of all."""

    judge: UUID | None = None


@dataclass(frozen=True, slots=True)
class DiaryQuery:
    """The days of a court."""

    court: Annotated[UUID, Query(description="the court")]
    first: Annotated[Day, Query(alias="from")]
    last: Annotated[Day, Query(alias="to", description="included; at most 366 days")]
