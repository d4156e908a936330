"""Endpoint of a case's versions."""

from uuid import UUID

from fastapi import APIRouter

from common.caller import PrincipalDep
from common.pages import PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.cases.errors import CaseNotFound
from core_service.cases.visibility import knowing, reading
from core_service.dependencies import CasesDep, CoreDep, VersionsDep
from core_service.history.schemas import VersionList, VersionRead

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get(
    "/{case_id}/versions",
    summary="Read who changed a case",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def list_case_versions(
    principal: PrincipalDep,
    core: CoreDep,
    cases: CasesDep,
    versions: VersionsDep,
    page: PageDep,
    case_id: UUID,
) -> VersionList:
    """Every change of the case and every activity, voided and corrected ones too: who made it,
    when, why, what was before, and from which file and row it came. A link to a case that you may
    not read is shown as a change without its reason and without what changed.
    """
    case = await cases.get(case_id, reading(principal))
    found = await versions.page(case, knowing(principal), page)
    names = await core.users.names(entry.by for entry in found.items)
    items = [VersionRead.of(entry, names) for entry in found.items]
    return VersionList(items=items, next_cursor=found.next_cursor)
