"""The table of links between cases."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from core_service.tables import UTC_TIME, Record, text_enum


class LinkKind(StrEnum):
    """What the first case is to the other; a transfer's link is made by the transfer alone."""

    CONSOLIDATED_INTO = "consolidated_into"
    RELATED = "related"
    APPEAL_OF = "appeal_of"
    TRANSFERRED_TO = "transferred_to"


class CaseLink(Record, table=True):
    """One link. Removed ones stay, so that history can tell of them."""

    __tablename__ = "case_links"
    __table_args__ = (
        Index(
            "uq_case_links_live",
            "case_id",
            "other_id",
            "kind",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_case_links_other_id", "other_id"),
        CheckConstraint("case_id <> other_id", "itself"),
    )

    case_id: UUID = Field(foreign_key="cases.id")
    other_id: UUID = Field(foreign_key="cases.id")
    kind: LinkKind = Field(sa_type=text_enum(LinkKind))
    reason: str | None = None
    removed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
