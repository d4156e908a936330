"""Exports: noted in the audit when they begin, then read in one view of the registry."""

import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from common.composition import Container, Units
from common.errors import PermissionDenied
from common.identity import CourtScope
from core_service.audit.exporting import note_export
from core_service.cases.numbers import display_number
from core_service.cases.search.listing import CaseFilter, CaseSort
from core_service.cases.visibility import CaseExporter, Visibility, reading_deleted
from core_service.documents.formats import RowFormat
from core_service.documents.text import Row
from core_service.documents.workbook import Layout
from core_service.exports.filters import ActivityFilter
from core_service.exports.repository import (
    ACTIVITY_COLUMNS,
    CASE_COLUMNS,
    NUMBER,
    ExportRepository,
    Statement,
)
from core_service.users.grants import GrantDirectory

# How long an export goes on with grants that may have been withdrawn.
GRANTS_SECONDS: Final = 15.0
WIDE: Final = {"court": 28, "case_type": 26, "category": 26, "number": 22, "details": 60}
IDS: Final = {"case_id", "activity_id"}
# The case's number as people write it goes before its parts.
BEFORE_PARTS: Final = 2


class Export(Protocol):
    """What is exported: rows of one kind."""

    @property
    def entity(self) -> str:
        """The table whose rows they are."""
        ...

    @property
    def layout(self) -> Layout:
        """How they are set out."""
        ...

    @property
    def filters(self) -> dict[str, Any]:
        """What was asked for."""
        ...

    def statement(self, repository: ExportRepository, by: CaseExporter) -> Statement:
        """What reads them. Raises PermissionDenied."""
        ...


@dataclass(frozen=True, slots=True)
class CaseExport:
    """The list of cases with its filters and its order."""

    wanted: CaseFilter = field(default_factory=CaseFilter)
    sort: CaseSort = CaseSort.FILED_ON
    entity: str = "cases"

    @property
    def layout(self) -> Layout:
        """A line for each case."""
        return _layout("Cases", CASE_COLUMNS)

    @property
    def filters(self) -> dict[str, Any]:
        """The filters of the list that were given."""
        return _given(self.wanted)

    def statement(self, repository: ExportRepository, by: CaseExporter) -> Statement:
        """The list, whole; deleted cases to those who may restore them."""
        seen = reading_deleted(by.principal) if self.wanted.deleted else by.visibility
        return repository.cases(self.wanted, self.sort, seen)


@dataclass(frozen=True, slots=True)
class ActivityExport:
    """The activities of cases."""

    wanted: ActivityFilter = field(default_factory=ActivityFilter)
    entity: str = "case_activities"

    @property
    def layout(self) -> Layout:
        """A line for each activity."""
        return _layout("Activities", ACTIVITY_COLUMNS)

    @property
    def filters(self) -> dict[str, Any]:
        """The filters that were given."""
        return _given(self.wanted)

    def statement(self, repository: ExportRepository, by: CaseExporter) -> Statement:
        """All that were not voided."""
        return repository.activities(self.wanted, by.visibility)


@dataclass(frozen=True, slots=True)
class ExportService:
    """Reads exports; each begins its own units of work, which outlive the request's handler."""

    units: Units
    grants: GrantDirectory

    async def begin(self, export: Export, row_format: RowFormat, by: CaseExporter) -> None:
        """Note in the audit that the caller exports these rows, before any is sent."""
        async with self.units.begin() as unit:
            repository = unit.get(ExportRepository)
            statement = export.statement(repository, by)
            wanted = {"format": row_format.value, **export.filters}
            courts = _courts(by.visibility, export.filters.get("court"))
            note_export(repository.session, export.entity, courts.courts, wanted)
            await repository.note_sealed(statement)

    async def rows(self, export: Export, by: CaseExporter) -> AsyncGenerator[Sequence[Row], None]:
        """The rows as they were at one moment, a batch at a time."""
        checked = time.monotonic()
        async with self.units.view() as view:
            async for batch in self._batches(view, export, by):
                yield batch
                if time.monotonic() - checked > GRANTS_SECONDS:
                    checked = time.monotonic()
                    if not await self.grants.still_hold(by.principal):
                        raise PermissionDenied("Your grants changed while the export was sent")

    async def _batches(
        self, view: Container, export: Export, by: CaseExporter
    ) -> AsyncGenerator[Sequence[Row], None]:
        repository = view.get(ExportRepository)
        async for rows in repository.stream(export.statement(repository, by)):
            yield [_numbered(row) for row in rows]


def _layout(name: str, columns: Sequence[Any]) -> Layout:
    names = [column.key for column in columns]
    names.insert(BEFORE_PARTS, "number")
    widths = [38 if each in IDS else WIDE.get(each, 14) for each in names]
    return Layout(name, widths, names)


def _numbered(row: Sequence[Any]) -> Row:
    court_code, court, *rest = row
    number = display_number(*rest[: len(NUMBER)])
    return (court_code, court, number, *rest)


def _given(wanted: CaseFilter | ActivityFilter) -> dict[str, Any]:
    return {
        name: value if isinstance(value, bool | int) else str(value)
        for name, value in asdict(wanted).items()
        if value is not None and value is not False
    }


def _courts(seen: Visibility, court: str | None) -> CourtScope:
    """Whose rows are exported: those of the caller's courts, or of the one that was asked for."""
    if court is None:
        return seen.courts
    return CourtScope(frozenset({UUID(court)} if UUID(court) in seen.courts else ()))
