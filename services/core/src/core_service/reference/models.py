"""Tables of reference data. Everything a court can rename or add is a row here, never code."""

from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlmodel import Field, Relationship

from core_service.tables import Record, text_enum


class CourtType(StrEnum):
    """The kinds of court in Kenya's Constitution and statutes."""

    SUPREME = "SC"
    APPEAL = "COA"
    HIGH = "HC"
    EMPLOYMENT = "ELRC"
    ENVIRONMENT = "ELC"
    MAGISTRATES = "MC"
    KADHIS = "KC"
    SMALL_CLAIMS = "SCC"
    TRIBUNAL = "TC"


class Cadre(StrEnum):
    """The kind of a judicial officer; a placeholder means that none is assigned yet."""

    JUDGE = "judge"
    MAGISTRATE = "magistrate"
    KADHI = "kadhi"
    ADJUDICATOR = "adjudicator"
    REGISTRAR = "registrar"
    TRIBUNAL_MEMBER = "tribunal_member"
    PLACEHOLDER = "placeholder"


class CaseNature(StrEnum):
    """The two halves of the caseload."""

    CIVIL = "civil"
    CRIMINAL = "criminal"


class Effect(StrEnum):
    """What an outcome does to a case."""

    NONE = "none"
    REGISTER = "register"
    ADJOURN = "adjourn"
    RESERVE = "reserve"
    DELIVER = "deliver"
    DISPOSE = "dispose"
    TRANSFER_OUT = "transfer_out"
    INACTIVATE = "inactivate"
    REACTIVATE = "reactivate"
    REOPEN = "reopen"


class AdjournmentCause(StrEnum):
    """The side an adjournment is attributed to."""

    COURT = "court"
    PARTY = "party"
    ADVOCATE = "advocate"
    PROSECUTION = "prosecution"
    WITNESS = "witness"
    EXTERNAL = "external"


def _one_edition_at_a_time(table: str) -> ExcludeConstraint:
    """No two rows of one label are valid on the same day."""
    return ExcludeConstraint(
        ("label_norm", "="),
        (func.daterange(text("valid_from"), text("valid_to"), text("'[)'")), "&&"),
        using="gist",
        name=f"ex_{table}_label_validity",
    )


class Court(Record, table=True):
    """One court at one station."""

    __tablename__ = "courts"
    __table_args__ = (
        Index("uq_courts_code", "code", unique=True),
        Index("uq_courts_name", text("lower(name)"), "court_type", unique=True),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", "validity"),
    )

    code: str
    name: str
    court_type: CourtType = Field(sa_type=text_enum(CourtType))
    station: str
    division: str | None = None
    county: str | None = None
    parent_id: UUID | None = Field(default=None, foreign_key="courts.id")
    valid_from: date | None = None
    valid_to: date | None = None
    is_active: bool = True

    @property
    def audit_court_id(self) -> UUID:
        """Events of a court are that court's."""
        return self.id


class Judge(Record, table=True):
    """A judicial officer; `name_norm` is what spellings are compared with."""

    __tablename__ = "judges"
    __table_args__ = (
        Index("uq_judges_pj_number", "pj_number", unique=True),
        Index("ix_judges_name_norm", "name_norm"),
        Index(
            "ix_judges_name_likeness",
            "name_norm",
            postgresql_using="gin",
            postgresql_ops={"name_norm": "gin_trgm_ops"},
        ),
    )

    pj_number: str | None = None
    surname: str
    given_names: str
    display_name: str
    name_norm: str
    cadre: Cadre = Field(sa_type=text_enum(Cadre))
    is_active: bool = True
    merged_into_id: UUID | None = Field(default=None, foreign_key="judges.id")


class CaseCategory(Record, table=True):
    """A category that figures are grouped by."""

    __tablename__ = "case_categories"
    __table_args__ = (
        Index("uq_case_categories_code", "code", unique=True),
        Index("uq_case_categories_name", text("lower(name)"), unique=True),
    )

    code: str
    name: str
    nature: CaseNature = Field(sa_type=text_enum(CaseNature))
    is_active: bool = True


class CaseType(Record, table=True):
    """What registries call a kind of case; each belongs to one category."""

    __tablename__ = "case_types"
    __table_args__ = (
        Index("uq_case_types_code", "code", unique=True),
        Index("uq_case_types_name_norm", "name_norm", unique=True),
    )

    code: str
    name: str
    name_norm: str
    category_id: UUID = Field(foreign_key="case_categories.id", index=True)
    is_active: bool = True

    category: CaseCategory = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class ActivityType(Record, table=True):
    """The purpose a case came up for."""

    __tablename__ = "activity_types"
    __table_args__ = (_one_edition_at_a_time("activity_types"),)

    label: str
    label_norm: str
    counts_as_hearing: bool
    adjournable: bool
    valid_from: date | None = None
    valid_to: date | None = None
    is_active: bool = True


class Outcome(Record, table=True):
    """One dated edition of an outcome. A change of effect is a new edition, never a rewrite."""

    __tablename__ = "outcomes"
    __table_args__ = (_one_edition_at_a_time("outcomes"),)

    label: str
    label_norm: str
    effect: Effect = Field(sa_type=text_enum(Effect))
    on_merits: bool | None = Field(default=None, sa_type=Boolean)
    # Categories outside of which it has no effect; empty means it has it everywhere. An array
    # without foreign keys will do: a category is deactivated, never deleted.
    limited_to: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    # What the next date is for, where the outcome says so: a mention date is for a mention.
    sets_down_for_id: UUID | None = Field(default=None, foreign_key="activity_types.id")
    valid_from: date | None = None
    valid_to: date | None = None
    is_active: bool = True


class AdjournmentReason(Record, table=True):
    """Why a matter did not go on."""

    __tablename__ = "adjournment_reasons"
    __table_args__ = (Index("uq_adjournment_reasons_label_norm", "label_norm", unique=True),)

    label: str
    label_norm: str
    cause: AdjournmentCause = Field(sa_type=text_enum(AdjournmentCause))
    is_active: bool = True


class Dated(Protocol):
    """A row that is in force from a day on, up to and without another; None leaves an end open."""

    valid_from: date | None
    valid_to: date | None


def is_valid_on(row: Dated, day: date) -> bool:
    """Whether the row is in force on that day."""
    return (row.valid_from is None or row.valid_from <= day) and (
        row.valid_to is None or day < row.valid_to
    )


class CalendarPeriod(Record, table=True):
    """Days on which one court sits or does not, or without a court all of them.

    Both days are included. The periods of a court take precedence over those of all courts, and
    sittings over a recess. On all other days courts sit from Monday to Friday.
    """

    __tablename__ = "calendar_periods"
    __table_args__ = (
        Index("ix_calendar_periods_last_on", "last_on"),
        CheckConstraint("last_on >= first_on", "period"),
    )

    name: str
    court_id: UUID | None = Field(default=None, foreign_key="courts.id")
    first_on: date
    last_on: date
    sits: bool = False
    is_active: bool = True
