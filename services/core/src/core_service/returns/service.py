"""Shows the progress and results of imports, and has the worker go on with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlmodel import col

from common.clock import Clock
from common.identity import Principal
from common.keyset import Order, Pager, Slice, SortKey, read_id
from common.pages import PageRequest
from common.repository import Repository
from core_service.access.actors import Actor
from core_service.aliases.suggestions import AliasSuggestions, Candidate
from core_service.cases.service import CaseService
from core_service.jobs import JobQueue
from core_service.returns.errors import (
    BatchNotReady,
    ImportNotFound,
)
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import (
    BatchState,
    ImportBatch,
    ImportMode,
    ImportRow,
    ImportRowIssue,
    RowResult,
)
from core_service.returns.repository import ImportRepository
from core_service.returns.visibility import BatchView, VisibleRows
from core_service.returns.visible_batch import VisibleBatch

RUN_TASK: Final = "returns:run"
RELEASE_TASK: Final = "returns:release"
VALIDATE_TASK: Final = "returns:validate"

NEWEST_FIRST: Final[Order[ImportBatch]] = Order(
    "-id", (SortKey(col(ImportBatch.id), lambda batch: batch.id, read_id),), descending=True
)
IN_FILE_ORDER: Final[Order[ImportRow]] = Order(
    "row_no", (SortKey(col(ImportRow.row_no), lambda row: row.row_no, int),), large=True
)
ISSUES_IN_FILE_ORDER: Final[Order[ImportRowIssue]] = Order(
    "row_no,seq",
    (
        SortKey(col(ImportRowIssue.row_no), lambda issue: issue.row_no, int),
        SortKey(col(ImportRowIssue.seq), lambda issue: issue.seq, int),
    ),
    large=True,
)


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Batches as the caller sees them."""

    found: Slice[ImportBatch]
    seen: Sequence[VisibleBatch]


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows of a batch with the issues of each."""

    rows: Slice[ImportRow]
    issues: Mapping[int, Sequence[ImportRowIssue]]
    candidates: Mapping[UUID, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class IssuePage:
    """Issues of a batch with the candidates of the spellings that they are about."""

    issues: Slice[ImportRowIssue]
    candidates: Mapping[UUID, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class ImportService:
    """Imports, for those who send them or work at their courts."""

    imports: ImportRepository
    rows: VisibleRows
    cases: CaseService
    suggestions: AliasSuggestions
    pager: Pager
    jobs: JobQueue
    clock: Clock

    async def page(self, by: Principal, page: PageRequest) -> BatchPage:
        """The batches that the caller may see, the newest first."""
        view = BatchView.of(by)
        statement = self.imports.visible(view)
        purpose = f"imports\x00{by.user_id}"
        found = await self.pager.cut(self.imports, statement, NEWEST_FIRST, page, purpose=purpose)
        return BatchPage(found, await self.seen(view, found.rows))

    async def get(self, batch_id: UUID, by: Principal) -> VisibleBatch:
        """A batch. Raises ImportNotFound."""
        view = BatchView.of(by)
        return (await self.seen(view, [await self.find(batch_id, view)]))[0]

    async def row_page(
        self, batch_id: UUID, result: RowResult | None, by: Principal, page: PageRequest
    ) -> RowPage:
        """Rows of a batch in the order of the file. Raises ImportNotFound."""
        view = BatchView.of(by)
        batch = await self.find(batch_id, view)
        found = await self.pager.cut(
            self.rows,
            self.rows.rows(view, batch, result),
            IN_FILE_ORDER,
            page,
            purpose=f"import-rows\x00{batch.id}\x00{result}",
            weigh=self.rows.sizes,
        )
        await self.note_sealed(view, batch, {row.row_no for row in found.rows})
        issues = await self.rows.issues_by_row(found.rows)
        candidates = await self.candidates(each for of_row in issues.values() for each in of_row)
        return RowPage(found, issues, candidates)

    async def issue_page(
        self,
        batch_id: UUID,
        code: IssueCode | None,
        severity: Severity | None,
        by: Principal,
        page: PageRequest,
    ) -> IssuePage:
        """Issues of a batch in the order of the file. Raises ImportNotFound."""
        view = BatchView.of(by)
        batch = await self.find(batch_id, view)
        # Not Repository[ImportRowIssue](…): a slotted generic fails so before Python 3.12.
        issues: Repository[ImportRowIssue] = Repository(self.rows.session)
        found = await self.pager.cut(
            issues,
            self.rows.issues(view, batch, code, severity),
            ISSUES_IN_FILE_ORDER,
            page,
            purpose=f"import-issues\x00{batch.id}\x00{code}\x00{severity}",
        )
        await self.note_sealed(view, batch, {issue.row_no for issue in found.rows})
        return IssuePage(found, await self.candidates(found.rows))

    async def candidates(
        self, issues: Iterable[ImportRowIssue]
    ) -> Mapping[UUID, Sequence[Candidate]]:
        """What the undecided spellings that issues are about may mean."""
        return await self.suggestions.of({each.alias_id for each in issues if each.alias_id})

    async def apply(self, batch_id: UUID, by: Principal) -> VisibleBatch:
        """Have the rows applied that the caller may apply: of a validated batch, or those that
        still wait in an applied one. Raises ImportNotFound, BatchNotReady.
        """
        view = BatchView.of(by)
        batch = await self.locked(batch_id, view)
        if not await self._can_be_applied(view, batch):
            raise BatchNotReady("The import is not validated yet, or none of its rows wait for you")
        if batch.state is BatchState.VALIDATED:
            batch.state = BatchState.APPLYING  # from now on, though a worker may yet have to begin
        now, mode = self.clock.now(), ImportMode.APPLY
        await self.imports.change(batch, mode=mode, updated_at=now, updated_by=by.user_id)
        await self._enqueue(batch, RUN_TASK, by=Actor.of(by).plain())
        return (await self.seen(view, [batch]))[0]

    async def validate(self, batch_id: UUID, by: Principal) -> VisibleBatch:
        """Have the rows of a validated batch judged again: what they name may be known by now.

        Raises ImportNotFound, BatchNotReady.
        """
        view = BatchView.of(by)
        batch = await self.locked(batch_id, view)
        if batch.state is not BatchState.VALIDATED:
            raise BatchNotReady(
                "Only an import that is validated and not applied can be validated again"
            )
        await self.imports.change(batch, state=BatchState.VALIDATING, updated_at=self.clock.now())
        await self._enqueue(batch, VALIDATE_TASK, by=Actor.of(by).plain())
        return (await self.seen(view, [batch]))[0]

    async def retry(self, batch_id: UUID, by: Principal) -> VisibleBatch:
        """Have the rows judged again that might pass now, and applied where the import is.

        Raises ImportNotFound, BatchNotReady.
        """
        view = BatchView.of(by)
        batch = await self.locked(batch_id, view)
        if batch.state is BatchState.VALIDATED:
            return await self.validate(batch_id, by)
        if batch.state is not BatchState.PARTIAL or not await self.rows.any_waits(view, batch):
            raise BatchNotReady("None of the rows that you may see waits for anything")
        await self._enqueue(batch, RUN_TASK, by=Actor.of(by).plain())
        return (await self.seen(view, [batch]))[0]

    async def locked(self, batch_id: UUID, view: BatchView) -> ImportBatch:
        """A batch that the caller may see, held until the transaction ends.

        Raises ImportNotFound.
        """
        await self.find(batch_id, view)
        batch = await self.imports.lock(batch_id)
        if batch is None:
            raise ImportNotFound
        return batch

    async def _can_be_applied(self, view: BatchView, batch: ImportBatch) -> bool:
        if batch.state is BatchState.PARTIAL:
            return await self.rows.any_waits(view, batch)
        return batch.state is BatchState.VALIDATED

    async def find(self, batch_id: UUID, view: BatchView) -> ImportBatch:
        """A batch that the caller may see. Raises ImportNotFound."""
        statement = self.imports.visible(view).where(col(ImportBatch.id) == batch_id)
        batch = await self.imports.first(statement)
        if batch is None:
            raise ImportNotFound
        return batch

    async def seen(self, view: BatchView, batches: Sequence[ImportBatch]) -> list[VisibleBatch]:
        """Batches with the counts of the rows that the caller sees."""
        counted = [batch for batch in batches if not view.sees_all(batch)]
        found = await self.rows.counts(view, counted) if counted else {}
        return [
            VisibleBatch.part(batch, found[batch.id])
            if batch.id in found
            else VisibleBatch.whole(batch)
            for batch in batches
        ]

    async def note_sealed(
        self, view: BatchView, batch: ImportBatch, row_nos: Collection[int]
    ) -> None:
        """Load the cases for the audit: it records which administrator was shown a sealed one."""
        case_ids, numbers = await self.rows.cases(batch.id, row_nos)
        found = await self.cases.numbered(numbers, lock=False)
        case_ids.update(case.id for case in found.values())
        if case_ids:
            await self.cases.some(case_ids, view.cases)

    async def _enqueue(self, batch: ImportBatch, task: str, **arguments: Any) -> None:
        """Queue the batch's next step; `by` is left out where its sender acts.

        Once: repeated requests before the worker runs do not judge every row twice.
        """
        session, lock = self.imports.session, f"import:{batch.id}"
        job = {"lock": lock, "batch_id": str(batch.id), **arguments}
        if not await self.jobs.is_waiting(session, task, **job):
            await self.jobs.defer(session, task, **job)
