"""Endpoint of the audit."""

from typing import Annotated

from fastapi import APIRouter, Depends

from common.caching import NEVER_STORED
from common.composition import lasting, viewing
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.access.callers import AdministratorDep
from core_service.audit_events.schemas import RegistryAuditEventRead
from core_service.audit_events.service import AuditFilter, AuditReading
from core_service.users.directory import UserDirectory

AuditReadingDep = Annotated[AuditReading, Depends(viewing(AuditReading))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]

router = APIRouter(
    prefix="/api/v1/registry-audit-events", tags=["registry audit"], dependencies=[NEVER_STORED]
)


@router.get("", summary="List what was changed, and by whom", responses=problems(ALLOWED, PAGED))
async def list_registry_audit_events(
    by: AdministratorDep,
    audit: AuditReadingDep,
    users: UsersDep,
    wanted: Annotated[AuditFilter, Depends()],
    page: PageDep,
) -> Page[RegistryAuditEventRead]:
    """For administrators: every change of a record, and every reading of a sealed case by an
    administrator, the newest first. Who administers some courts sees what concerns those.
    """
    found = await audit.page(wanted, by.administered, page)
    names = await users.names(event.actor_id for event in found.rows)
    items = [RegistryAuditEventRead.of(event, names) for event in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)
