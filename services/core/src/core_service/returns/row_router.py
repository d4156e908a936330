"""Endpoints of an import's single rows: reading, repairing, trying again."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response, status

from common.admission import admitting
from common.caller import PrincipalDep
from common.composition import working
from common.idempotency import write_once
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep, set_etag, write
from core_service.access.courts import writing
from core_service.returns.difference import ImportDifference
from core_service.returns.errors import (
    BatchNotReady,
    ImportNotFound,
    RowNotFound,
    RowNotRepairable,
)
from core_service.returns.files.limits import MAX_ROWS
from core_service.returns.repair import RowChange, RowDetail, RowRepairs
from core_service.returns.router import ImportsDep, UsersDep, accepted
from core_service.returns.schemas import (
    BatchRead,
    RowCells,
    RowChangesRead,
    RowDetailRead,
    RowRead,
    RowRepairRead,
)

RepairsDep = Annotated[RowRepairs, Depends(working(RowRepairs))]


RowNo = Annotated[int, Path(ge=1, le=MAX_ROWS)]


@dataclass(frozen=True, slots=True)
class RowRequest:
    """What each request about a single row uses."""

    principal: PrincipalDep
    repairs: RepairsDep
    users: UsersDep

    async def show(self, found: RowDetail) -> RowDetailRead:
        """A row with the names of those who repaired it."""
        names = await self.users.names(each.changed_by for each in found.repairs)
        row = RowRead.of(found.row, found.issues, found.candidates)
        return RowDetailRead(
            **dict(row),
            version=found.version,
            repairs=[RowRepairRead.of(each, names) for each in found.repairs],
        )


RowRequestDep = Annotated[RowRequest, Depends()]


DifferenceDep = Annotated[ImportDifference, Depends(working(ImportDifference))]


async def row_change(expected: ExpectedVersionDep, body: RowCells) -> RowChange:
    """The body, and the version of the row that it is meant for."""
    return RowChange(body.root, expected)


RowChangeDep = Annotated[RowChange, Depends(row_change)]

router = APIRouter(
    prefix="/api/v1/imports/{batch_id}", tags=["imports"], route_class=admitting(writing)
)


@router.get(
    "/rows/{row_no}",
    summary="Read a row of an import",
    responses=problems(ALLOWED, ImportNotFound, RowNotFound),
)
async def get_import_row(
    request: RowRequestDep, response: Response, batch_id: UUID, row_no: RowNo
) -> RowDetailRead:
    """A row with its issues, and who changed which of its cells. `raw` has the cells of now."""
    found = await request.repairs.get(batch_id, row_no, request.principal)
    set_etag(response, found.version)
    return await request.show(found)


@router.patch(
    "/rows/{row_no}",
    summary="Repair a row of an import",
    response_model=RowDetailRead,
    responses=problems(
        ALLOWED, VERSIONED, ImportNotFound, RowNotFound, RowNotRepairable, BatchNotReady
    ),
)
@write
async def repair_import_row(
    request: RowRequestDep, batch_id: UUID, row_no: RowNo, change: RowChangeDep
) -> Answer:
    """Change cells of a row that is held or rejected. It is judged again at once and, where the
    import is applied, applied under your name; the answer is what became of it. What the cells
    were stays in `repairs`.
    """
    repaired = await request.repairs.repair(batch_id, row_no, change, request.principal)
    return Answer.of(repaired, await request.show(repaired))


@router.get(
    "/diff",
    summary="List what applying an import would change",
    responses=problems(ALLOWED, PAGED, ImportNotFound),
)
async def list_import_changes(
    principal: PrincipalDep, difference: DifferenceDep, page: PageDep, batch_id: UUID
) -> Page[RowChangesRead]:
    """The rows that are not applied yet and would change something, as the registry is now; those
    of the courts at which you may enter data. Several rows about one event are shown one after the
    other: each with what it changes of the one before.
    """
    found = await difference.page(batch_id, principal, page)
    items = [RowChangesRead.of(each) for each in found.changes]
    return Page(items=items, next_cursor=found.rows.next_cursor, total=found.rows.total)


@router.post(
    "/rows/retry",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=BatchRead,
    summary="Try the waiting rows of an import again",
    responses=problems(ALLOWED, CREATING, ImportNotFound, BatchNotReady),
)
@write_once
async def retry_import_rows(
    principal: PrincipalDep, imports: ImportsDep, users: UsersDep, batch_id: UUID
) -> Answer:
    """Have a worker judge the rows again that might pass now, because a case was restored, a
    spelling accepted or your grants are wider than the sender's; those that pass are applied under
    your name. Of an import that is not applied yet, the rows are validated again.
    """
    return await accepted(users, await imports.retry(batch_id, principal))


@router.post(
    "/validate",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=BatchRead,
    summary="Validate an import again",
    responses=problems(ALLOWED, CREATING, ImportNotFound, BatchNotReady),
)
@write_once
async def validate_import(
    principal: PrincipalDep, imports: ImportsDep, users: UsersDep, batch_id: UUID
) -> Answer:
    """Have a worker judge the rows of a validated import again, by what is known now. Rows of
    courts at which you may not enter data stay as they are.
    """
    return await accepted(users, await imports.validate(batch_id, principal))
