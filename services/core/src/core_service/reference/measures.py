"""Tables of what figures measure cases by: time standards and case weights, in dated editions."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from core_service.reference.models import CourtType
from core_service.tables import Record, text_enum


class TimeMeasure(StrEnum):
    """From which moment to which a time standard counts its days."""

    FILING_TO_DISPOSITION = "filing_to_disposition"
    RESERVED_TO_DELIVERED = "reserved_to_delivered"


class TimeStandard(Record, table=True):
    """One edition's rule: a percentage of a class of cases is finished within a number of days.

    Editions live side by side. `label` is the class as the edition names it; until it is mapped to
    a category, nothing is measured by it.
    """

    __tablename__ = "time_standards"
    __table_args__ = (
        ExcludeConstraint(
            ("edition", "="),
            ("label_norm", "="),
            (func.coalesce(text("category_id"), text(f"'{UUID(int=0)}'::uuid")), "="),
            (func.coalesce(text("court_type"), text("''")), "="),
            ("measure", "="),
            ("percent", "="),
            (func.daterange(text("valid_from"), text("valid_to"), text("'[)'")), "&&"),
            using="gist",
            name="ex_time_standards_validity",
        ),
        Index("ix_time_standards_category_id", "category_id"),
        CheckConstraint("percent BETWEEN 1 AND 100", "percent"),
        CheckConstraint("days > 0", "days"),
    )

    edition: str
    label: str
    label_norm: str
    category_id: UUID | None = Field(default=None, foreign_key="case_categories.id")
    court_type: CourtType | None = Field(default=None, sa_type=text_enum(CourtType))
    measure: TimeMeasure = Field(sa_type=text_enum(TimeMeasure))
    percent: int
    days: int
    source: str
    # Where several editions are about a case, figures measure it by the lowest rank.
    rank: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    valid_from: date | None = None
    valid_to: date | None = None
    is_active: bool = True


class CaseWeight(Record, table=True):
    """How many minutes of a judge's time a case of a class takes, and how many a judge has a year.

    Both come from the same study, so that an edition holds them together. As with standards, a
    class without a category weighs nothing.
    """

    __tablename__ = "case_weights"
    __table_args__ = (
        ExcludeConstraint(
            ("edition", "="),
            ("label_norm", "="),
            (func.coalesce(text("category_id"), text(f"'{UUID(int=0)}'::uuid")), "="),
            (func.coalesce(text("court_type"), text("''")), "="),
            (func.daterange(text("valid_from"), text("valid_to"), text("'[)'")), "&&"),
            using="gist",
            name="ex_case_weights_validity",
        ),
        Index("ix_case_weights_category_id", "category_id"),
        CheckConstraint("minutes > 0", "minutes"),
        CheckConstraint("judge_year_minutes > 0", "judge_year_minutes"),
    )

    edition: str
    label: str
    label_norm: str
    category_id: UUID | None = Field(default=None, foreign_key="case_categories.id")
    court_type: CourtType | None = Field(default=None, sa_type=text_enum(CourtType))
    minutes: int
    judge_year_minutes: int
    source: str
    rank: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    is_active: bool = True
