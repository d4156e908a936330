"""Endpoint of a case's versions."""

from uuid import UUID

from fastapi import APIRouter

from common.caller import PrincipalDep
from common.problem_responses import ALLOWED, problems
from core_service.access.courts import knowing, reading
from core_service.cases.errors import CaseNotFound
from core_service.dependencies import ActivitiesDep, CasesDep, CoreDep, HistoryDep
from core_service.history.schemas import VersionList, VersionRead
from core_service.history.versions import Recorded, other_case, versions

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get(
    "/{case_id}/versions",
    summary="Read who changed a case",
    responses=problems(ALLOWED, CaseNotFound),
)
async def list_versions(
    principal: PrincipalDep,
    core: CoreDep,
    cases: CasesDep,
    activities: ActivitiesDep,
    history: HistoryDep,
    case_id: UUID,
) -> VersionList:
    """Every change of the case and every activity, voided and corrected ones too: who made it,
    when, why, what was before, and from which file and row it came. A link to a case that you may
    not read is shown as a change without its reason and without what changed.
    """
    case = await cases.get(case_id, reading(principal))
    changes, recorded = await history.of_case(case.id), await activities.of_case(case.id)
    named = [other for change in changes if (other := other_case(change)) is not None]
    known = [
        other.id
        for visibility in knowing(principal)
        for other in await cases.some(named, visibility)
    ]
    benches = await activities.benches(recorded)
    entries = versions(case, Recorded(changes, recorded, benches, known))
    names = await core.users.names(entry.by for entry in entries)
    return VersionList(items=[VersionRead.of(entry, names) for entry in entries])
