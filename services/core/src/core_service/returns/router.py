"""Endpoints of imports."""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response, UploadFile, status

from common.admission import ContentEncodingUnsupported, admitting
from common.caller import PrincipalDep
from common.composition import lasting, working
from common.idempotency import Idempotency, IdempotencyDep, write_once
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, problems
from common.writes import Answer
from core_service.access.courts import writing
from core_service.reference.errors import UnknownReference
from core_service.returns.errors import (
    BatchNotReady,
    DuplicateFile,
    FileEmpty,
    FileNotReturn,
    ImportNotFound,
    TooManyImports,
)
from core_service.returns.files.uploads import Upload
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import ImportMode, RowResult
from core_service.returns.schemas import BatchIssueRead, BatchRead, RowRead
from core_service.returns.service import ImportService
from core_service.returns.submission import ReturnSubmission
from core_service.returns.visible_batch import VisibleBatch
from core_service.users.directory import UserDirectory

ImportsDep = Annotated[ImportService, Depends(working(ImportService))]
SubmissionDep = Annotated[ReturnSubmission, Depends(working(ReturnSubmission))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]


# A caller who may not write is refused before the file is received.
router = APIRouter(prefix="/api/v1/imports", tags=["imports"], route_class=admitting(writing))


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """The parts of the multipart body."""

    file: UploadFile
    court_id: Annotated[UUID | None, Form(description="the court the return is of")] = None
    mode: Annotated[ImportMode, Form(description="`validate` changes nothing yet")] = (
        ImportMode.APPLY
    )


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=BatchRead,
    summary="Send a daily return",
    responses=problems(
        ALLOWED,
        CREATING,
        UnknownReference,
        FileEmpty,
        FileNotReturn,
        ContentEncodingUnsupported,
        DuplicateFile,
        TooManyImports,
    ),
)
async def create_import(
    principal: PrincipalDep,
    submission: SubmissionDep,
    users: UsersDep,
    idempotency: IdempotencyDep,
    form: Annotated[ReturnForm, Depends()],
) -> Response:
    """Send a return as CSV or XLSX. It is stored and validated, and with `mode=apply` applied,
    by a worker; the answer is the batch to watch. The same file again is refused.
    """
    submission.authorize(form.court_id, principal)  # before a stored answer is given again
    upload = await asyncio.to_thread(Upload.of, form.file.filename, form.file.file)

    async def work() -> Answer:
        seen = await submission.submit(upload, form.mode, form.court_id, principal)
        body = await shown_batch(users, seen)
        location = f"/api/v1/imports/{seen.batch.id}"
        return Answer(body, status=status.HTTP_202_ACCEPTED, location=location)

    return await _keyed(idempotency, upload, form).run(work)


@router.get("", summary="List imports", responses=problems(ALLOWED, PAGED))
async def list_imports(
    principal: PrincipalDep, imports: ImportsDep, users: UsersDep, page: PageDep
) -> Page[BatchRead]:
    """The imports that you sent, and those with rows of your courts, the newest first."""
    batches = await imports.page(principal, page)
    names = await users.names(seen.batch.created_by for seen in batches.seen)
    items = [BatchRead.of(seen, names) for seen in batches.seen]
    found = batches.found
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get("/{batch_id}", summary="Read an import", responses=problems(ALLOWED, ImportNotFound))
async def get_import(
    principal: PrincipalDep, imports: ImportsDep, users: UsersDep, batch_id: UUID
) -> BatchRead:
    """An import's state, its rows by result, and its progress."""
    return await shown_batch(users, await imports.get(batch_id, principal))


@router.get(
    "/{batch_id}/rows",
    summary="List the rows of an import",
    responses=problems(ALLOWED, PAGED, ImportNotFound),
)
async def list_import_rows(
    principal: PrincipalDep,
    imports: ImportsDep,
    page: PageDep,
    batch_id: UUID,
    result: RowResult | None = None,
) -> Page[RowRead]:
    """Rows in the order of the file: as they came, what became of each, and why. Those of other
    courts are left out; rows whose court is not known are shown to their sender and to
    administrators of all courts.
    """
    found = await imports.row_page(batch_id, result, principal, page)
    items = [RowRead.of(row, found.issues[row.row_no], found.candidates) for row in found.rows.rows]
    return Page(items=items, next_cursor=found.rows.next_cursor, total=found.rows.total)


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """What the issues are narrowed to."""

    code: IssueCode | None = None
    severity: Severity | None = None


@router.get(
    "/{batch_id}/issues",
    summary="List the issues of an import",
    responses=problems(ALLOWED, PAGED, ImportNotFound),
)
async def list_import_issues(
    principal: PrincipalDep,
    imports: ImportsDep,
    page: PageDep,
    batch_id: UUID,
    wanted: Annotated[IssueFilter, Depends()],
) -> Page[BatchIssueRead]:
    """The remarks on the rows that you may see, in the order of the file. Those on the file
    itself (without `row_no`) are shown to its sender and to administrators of all courts.
    """
    found = await imports.issue_page(batch_id, wanted.code, wanted.severity, principal, page)
    items = [BatchIssueRead.of(issue, found.candidates) for issue in found.issues.rows]
    return Page(items=items, next_cursor=found.issues.next_cursor, total=found.issues.total)


@router.post(
    "/{batch_id}/apply",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=BatchRead,
    summary="Apply a validated import",
    responses=problems(ALLOWED, CREATING, ImportNotFound, BatchNotReady),
)
@write_once
async def apply_import(
    principal: PrincipalDep, imports: ImportsDep, users: UsersDep, batch_id: UUID
) -> Answer:
    """Have a worker apply an import that was sent with `mode=validate`: the rows of the courts
    at which you may enter data. It is `applying` from this answer on. The other rows wait, with the
    issue `GRANT_MISSING`, for a user who may and sends this request too; it can be sent again as
    long as the import is `partial`.
    """
    return await accepted(users, await imports.apply(batch_id, principal))


async def shown_batch(users: UserDirectory, seen: VisibleBatch) -> BatchRead:
    """A batch with its sender's name."""
    return BatchRead.of(seen, await users.names([seen.batch.created_by]))


async def accepted(users: UserDirectory, seen: VisibleBatch) -> Answer:
    """The answer that a worker goes on with a batch."""
    return Answer(await shown_batch(users, seen), status=status.HTTP_202_ACCEPTED)


def _keyed(idempotency: Idempotency, upload: Upload, form: ReturnForm) -> Idempotency:
    """The idempotency of an upload, whose fingerprint cannot be taken from the body as it comes."""
    sent = f"{upload.sha256} {upload.filename} {form.mode} {form.court_id}".encode()
    return replace(idempotency, fingerprint=hashlib.sha256(idempotency.fingerprint + sent).digest())
