"""Endpoint of a case's versions."""

from typing import Annotated

from fastapi import APIRouter, Depends

from common.composition import lasting, working
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.cases.errors import CaseNotFound
from core_service.cases.service import CaseService
from core_service.cases.visibility import CasePartDep, CaseReaderDep, knowing
from core_service.users.directory import UserDirectory
from core_service.versions.schemas import VersionList, VersionRead
from core_service.versions.service import VersionService

CasesDep = Annotated[CaseService, Depends(working(CaseService))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]
VersionsDep = Annotated[VersionService, Depends(working(VersionService))]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get(
    "/{case_id}/versions",
    summary="Read who changed a case",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def list_case_versions(
    by: CaseReaderDep,
    users: UsersDep,
    cases: CasesDep,
    versions: VersionsDep,
    part: CasePartDep,
) -> VersionList:
    """Every change of the case and every activity, voided and corrected ones too: who made it,
    when, why, what was before, and from which file and row it came. A link to a case that you may
    not read is shown as a change without its reason and without what changed.
    """
    case = await cases.get(part.case_id, by.visibility)
    found = await versions.page(case, knowing(by.principal), part.page)
    names = await users.names(entry.by for entry in found.items)
    items = [VersionRead.of(entry, names) for entry in found.items]
    return VersionList(items=items, next_cursor=found.next_cursor)
