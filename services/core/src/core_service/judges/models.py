"""Tables of postings and merges."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from core_service.tables import UTC_TIME, Record, Table


class JudgePosting(Record, table=True):
    """Where a judge sits from a day on, up to and without another; one principal at a time."""

    __tablename__ = "judge_postings"
    __table_args__ = (
        ExcludeConstraint(
            ("judge_id", "="),
            (func.daterange(text("from_on"), text("to_on"), text("'[)'")), "&&"),
            using="gist",
            where=text("principal"),
            name="ex_judge_postings_principal",
        ),
        Index("ix_judge_postings_judge_id", "judge_id", "from_on"),
        Index("ix_judge_postings_court_id", "court_id", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on > from_on", "period"),
    )

    judge_id: UUID = Field(foreign_key="judges.id")
    court_id: UUID = Field(foreign_key="courts.id")
    from_on: date
    to_on: date | None = None
    principal: bool = True

    def covers(self, court_id: UUID | None, day: date) -> bool:
        """Whether the judge sits at this court on this day by it."""
        is_on = self.from_on <= day and (self.to_on is None or day < self.to_on)
        return is_on and self.court_id == court_id


class JudgeMerge(Record, table=True):
    """That one judge's record became another's; it can be undone until the other changes."""

    __tablename__ = "judge_merges"
    __table_args__ = (
        Index(
            "uq_judge_merges_current",
            "judge_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        CheckConstraint("judge_id <> into_id", "itself"),
    )

    judge_id: UUID = Field(foreign_key="judges.id")
    into_id: UUID = Field(foreign_key="judges.id")
    was_active: bool
    reason: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    undone_by: UUID | None = None


class JudgeMergeItem(Table, table=True):
    """One reference that a merge moved: to whom the row pointed before.

    A seat's row is its activity and its place the position on the bench.
    """

    __tablename__ = "judge_merge_items"

    merge_id: UUID = Field(foreign_key="judge_merges.id", primary_key=True)
    kind: str = Field(max_length=24, primary_key=True)
    row_id: UUID = Field(primary_key=True)
    place: int = Field(default=0, primary_key=True, sa_column_kwargs={"autoincrement": False})
    judge_id: UUID | None = None
