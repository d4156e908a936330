"""Repairs rows that are held or rejected: in place, judged again, and applied with their batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import col

from common.identity import Principal
from common.writes import ExpectedVersion, check_version
from core_service.access.actors import Actor
from core_service.access.courts import require_court
from core_service.aliases.suggestions import Candidate
from core_service.court_calendar import CourtCalendar
from core_service.returns.application import ChunkApplication
from core_service.returns.errors import BatchNotReady, RowNotFound, RowNotRepairable
from core_service.returns.judging.chunk import Batch, ChunkJudge, WriteAccess
from core_service.returns.models import (
    BatchState,
    ImportBatch,
    ImportRow,
    ImportRowIssue,
    RowRepair,
    RowResult,
)
from core_service.returns.row_repository import RowRepository
from core_service.returns.service import ImportService
from core_service.returns.validation import ChunkValidation
from core_service.returns.visibility import BatchView, VisibleRows

OPEN: Final = (RowResult.HELD, RowResult.REJECTED)
FINISHED: Final = (BatchState.APPLIED, BatchState.PARTIAL)
REPAIRABLE: Final = (BatchState.VALIDATED, BatchState.APPLYING, *FINISHED)


@dataclass(frozen=True, slots=True)
class RowDetail:
    """A row with its issues and the changes of its cells; each change is a version of the row."""

    row: ImportRow
    issues: Sequence[ImportRowIssue]
    repairs: Sequence[RowRepair]
    candidates: Mapping[UUID, Sequence[Candidate]]

    @property
    def version(self) -> int:
        return 1 + len(self.repairs)


@dataclass(frozen=True, slots=True)
class RowChange:
    """New cells of a row by column, and the version of the row that its author has seen."""

    cells: Mapping[str, str]
    expected_version: ExpectedVersion


@dataclass(frozen=True, slots=True)
class RowRepairs:
    """Shows single rows and changes their cells."""

    imports: ImportService
    visible: VisibleRows
    rows: RowRepository
    judge: ChunkJudge
    validation: ChunkValidation
    application: ChunkApplication
    calendar: CourtCalendar

    async def get(self, batch_id: UUID, row_no: int, by: Principal) -> RowDetail:
        """A row. Raises ImportNotFound, RowNotFound."""
        view = BatchView.of(by)
        return await self._detail(view, await self.imports.find(batch_id, view), row_no)

    async def repair(
        self, batch_id: UUID, row_no: int, change: RowChange, by: Principal
    ) -> RowDetail:
        """Change cells of a row, judge it again and, where the import is applied, apply it.

        Raises ImportNotFound, RowNotFound, BatchNotReady, RowNotRepairable, PreconditionFailed and,
        when it is a row of a court where the caller may not write, PermissionDenied.
        """
        view = BatchView.of(by)
        batch = await self.imports.locked(batch_id, view)
        before = await self._detail(view, batch, row_no)
        check_version(change.expected_version, before.version)
        if batch.state not in REPAIRABLE:
            raise BatchNotReady(f"The import is {batch.state.value}; its rows cannot be repaired")
        if before.row.result not in OPEN:
            raise RowNotRepairable(f"The row is {before.row.result.value}")
        await self._write(before, change.cells, Actor.of(by))
        await self._judge(batch, before.row, view)
        return await self._detail(view, batch, row_no)

    async def _write(self, before: RowDetail, cells: Mapping[str, str], by: Actor) -> None:
        row, session = before.row, self.rows.session
        changes = {
            name: {"from": row.raw.get(name, ""), "to": value}
            for name, value in cells.items()
            if row.raw.get(name, "") != value
        }
        if not changes:
            return
        row.raw = {**row.raw, **cells}
        session.add(
            RowRepair(
                batch_id=row.batch_id,
                row_no=row.row_no,
                seq=before.version,
                changes=changes,
                changed_at=self.calendar.clock.now(),
                changed_by=by.user_id,
                client_id=by.client_id,
            )
        )
        await session.flush()

    async def _judge(self, stored: ImportBatch, row: ImportRow, view: BatchView) -> None:
        sent_on = self.calendar.day_of(stored.created_at)
        batch = Batch.of(stored, sent_on, WriteAccess(view.caller, view.writable))
        judged = await self.judge.judge(batch, {row.row_no: row.raw})
        court_id = judged.judgements[row.row_no].court_id
        if court_id is not None:
            require_court(view.writable, court_id)
        if row.row_no <= stored.applied_rows:
            await self._apply(stored, batch, row)
        else:
            await self._validate(stored, batch, row)

    async def _apply(self, stored: ImportBatch, batch: Batch, row: ImportRow) -> None:
        tally = await self.application.apply(batch, [row], stored.applied_rows)
        await self._change(stored, **tally.columns(stored))
        if stored.state in FINISHED:
            await self._change(stored, state=stored.settled_state)

    async def _validate(self, stored: ImportBatch, batch: Batch, row: ImportRow) -> None:
        """Judge the row, and those whose results may depend on it."""
        before = row.slip_group
        tally = await self.validation.validate_again(batch, [row])
        await self._change(stored, **tally.columns(stored))
        await self.rows.session.refresh(row)
        groups = {group for group in (before, row.slip_group) if group is not None}
        tally = await self.validation.compare(batch, groups)
        await self._change(stored, **tally.columns(stored))

    async def _change(self, stored: ImportBatch, **columns: object) -> None:
        now = self.calendar.clock.now()
        await self.imports.imports.change(stored, updated_at=now, **columns)

    async def _detail(self, view: BatchView, batch: ImportBatch, row_no: int) -> RowDetail:
        found = self.visible.rows(view, batch, None).where(col(ImportRow.row_no) == row_no)
        row = await self.visible.first(found.execution_options(populate_existing=True))
        if row is None:
            raise RowNotFound
        await self.imports.note_sealed(view, batch, {row_no})
        issues = (await self.visible.issues_by_row([row]))[row_no]
        candidates = await self.imports.candidates(issues)
        return RowDetail(row, issues, await self.rows.repairs(batch.id, row_no), candidates)
