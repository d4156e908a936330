"""Statements that read rows to export, and the reading of them piece by piece."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.audit.exporting import notes_sealed_reads
from core_service.audit.selection import note_selected
from core_service.cases.models import PARTY_COLUMNS, Case
from core_service.cases.search.listing import CaseFilter, CaseSort
from core_service.cases.search.service import CaseSearch
from core_service.cases.visibility import Visibility
from core_service.exports.filters import ActivityFilter
from core_service.ledger.models import ActivityJudge, CaseActivity
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseCategory,
    CaseType,
    Court,
    Judge,
    Outcome,
)

# What is written of so many rows holds the event loop for some hundredths of a second.
BATCH_ROWS: Final = 250
# Of the first rows, before which the database may have to sort all.
STATEMENT_TIMEOUT: Final = "120s"

Statement = Select[*tuple[Any, ...]]
Columns = tuple[Any, ...]

NUMBER: Final = (col(Case.caseid_type), col(Case.number_raw), col(Case.filed_year))
_WHERE: Final[Columns] = (col(Court.code).label("court_code"), col(Court.name).label("court"))
_WHAT: Final[Columns] = (
    col(CaseType.name).label("case_type"),
    col(CaseCategory.name).label("category"),
    col(CaseCategory.nature).label("nature"),
)
_BENCH: Final = (
    select(
        func.string_agg(
            col(Judge.display_name), aggregate_order_by(literal("; "), col(ActivityJudge.position))
        )
    )
    .join_from(ActivityJudge, Judge, col(Judge.id) == ActivityJudge.judge_id)
    .where(col(ActivityJudge.activity_id) == CaseActivity.id)
    .correlate(CaseActivity)
    .scalar_subquery()
)
CASE_COLUMNS: Final[Columns] = (
    *_WHERE,
    *NUMBER,
    col(Case.filed_on),
    *_WHAT,
    col(Case.status),
    col(Case.status_since),
    col(Case.disposed_on),
    col(Case.next_hearing_on),
    col(Case.last_activity_on),
    col(Case.activity_count),
    col(Case.adjournment_count),
    col(Judge.display_name).label("lead_judge"),
    *(getattr(Case, name) for name in PARTY_COLUMNS),
    col(Case.custody_count),
    col(Case.legal_representation),
    col(Case.original_court),
    col(Case.original_code),
    col(Case.original_number),
    col(Case.original_year),
    col(Case.sealed),
    col(Case.id).label("case_id"),
)
ACTIVITY_COLUMNS: Final[Columns] = (
    *_WHERE,
    *NUMBER,
    *_WHAT,
    col(CaseActivity.activity_on),
    col(ActivityType.label).label("activity_type"),
    col(Outcome.label).label("outcome"),
    col(AdjournmentReason.label).label("reason"),
    col(CaseActivity.next_on),
    _BENCH.label("judges"),
    col(CaseActivity.applicant_witnesses),
    col(CaseActivity.defendant_witnesses),
    col(CaseActivity.custody_count),
    col(CaseActivity.legal_representation),
    col(CaseActivity.details),
    col(CaseActivity.source_kind).label("source"),
    col(CaseActivity.filename),
    col(CaseActivity.row_no),
    col(CaseActivity.created_at).label("recorded_at"),
    col(Case.id).label("case_id"),
    col(CaseActivity.id).label("activity_id"),
)


@dataclass(frozen=True, slots=True)
class ExportRepository:
    """Reads what the lists show, without a page's end."""

    session: AsyncSession
    search: CaseSearch

    def cases(self, wanted: CaseFilter, sort: CaseSort, seen: Visibility) -> Statement:
        """The list of cases, whole."""
        listed = self.search.sorted(wanted, sort, seen)
        statement = (
            listed.join(Court, col(Court.id) == Case.court_id)
            .join(CaseType, col(CaseType.id) == Case.case_type_id)
            .join(CaseCategory, col(CaseCategory.id) == CaseType.category_id)
            .outerjoin(Judge, col(Judge.id) == Case.lead_judge_id)
        )
        return statement.with_only_columns(*CASE_COLUMNS)

    def activities(self, wanted: ActivityFilter, seen: Visibility) -> Statement:
        """The activities that count, of cases that the caller may see, by day."""
        statement: Statement = (
            select(*ACTIVITY_COLUMNS)
            .join_from(CaseActivity, Case, col(Case.id) == CaseActivity.case_id)
            .join(Court, col(Court.id) == Case.court_id)
            .join(CaseType, col(CaseType.id) == Case.case_type_id)
            .join(CaseCategory, col(CaseCategory.id) == CaseType.category_id)
            .join(ActivityType, col(ActivityType.id) == CaseActivity.activity_type_id)
            .outerjoin(Outcome, col(Outcome.id) == CaseActivity.outcome_id)
            .outerjoin(AdjournmentReason, col(AdjournmentReason.id) == CaseActivity.reason_id)
            .where(col(CaseActivity.voided_at).is_(None), *wanted.conditions())
            .order_by(col(CaseActivity.activity_on), col(CaseActivity.id))
        )
        return seen.limit(statement)

    async def note_sealed(self, statement: Statement) -> None:
        """Note each sealed case of the statement as read, where that is noted of the caller."""
        if not notes_sealed_reads():
            return
        columns = (col(Case.id), col(Case.court_id))
        sealed = statement.with_only_columns(*columns).order_by(None).distinct()
        found = sealed.where(col(Case.sealed).is_(True)).subquery()
        named = (literal("read"), literal("cases"), *found.c, literal({}, JSONB))
        options = statement.get_execution_options()
        await note_selected(self.session, select(*named).execution_options(**options))

    async def stream(self, statement: Statement) -> AsyncGenerator[Sequence[Any], None]:
        """The rows, by a cursor of the database: neither side holds all of them."""
        await self.session.exec(
            select(func.set_config("statement_timeout", STATEMENT_TIMEOUT, True))  # type: ignore[call-overload]  # of plain columns
        )
        connection = await self.session.connection()
        result = await connection.stream(statement, execution_options={"yield_per": BATCH_ROWS})
        try:
            async for rows in result.partitions():
                yield rows
        finally:
            await result.close()
