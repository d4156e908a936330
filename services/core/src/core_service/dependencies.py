"""What routers ask for: each service, made for the request's unit of work or view."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from common.database import SessionDep, SnapshotDep
from core_service.activities.day_list import DayList
from core_service.activities.service import ActivityService
from core_service.aliases.service import AliasService
from core_service.assignments.bulk import BulkReassignment
from core_service.assignments.service import AssignmentService
from core_service.audit.service import AuditReading
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.service import CaseService
from core_service.change_requests.service import ChangeRequestService
from core_service.hearings.service import HearingService
from core_service.history.reading import VersionReading
from core_service.judges.postings import PostingService
from core_service.ledger.service import Ledger
from core_service.links.service import LinkService
from core_service.metrics.service import FigureService
from core_service.reference.service import ReferenceService
from core_service.returns.service import ImportService
from core_service.wiring import Core

ServiceT = TypeVar("ServiceT")


def current_core(request: Request) -> Core:
    """The process-wide parts."""
    core: Core = request.app.state.core
    return core


CoreDep = Annotated[Core, Depends(current_core)]


def _working(make: Callable[[Core, AsyncSession], ServiceT]) -> Callable[..., ServiceT]:
    """A service of the request's unit of work."""

    def dependency(core: CoreDep, session: SessionDep) -> ServiceT:
        return make(core, session)

    return dependency


def _reading(make: Callable[[Core, AsyncSession], ServiceT]) -> Callable[..., ServiceT]:
    """A service that reads one moment and changes nothing."""

    def dependency(core: CoreDep, session: SnapshotDep) -> ServiceT:
        return make(core, session)

    return dependency


ActivitiesDep = Annotated[ActivityService, Depends(_working(Core.activities))]
AliasesDep = Annotated[AliasService, Depends(_working(Core.aliases))]
AssignmentsDep = Annotated[AssignmentService, Depends(_working(Core.assignments))]
AuditReadingDep = Annotated[AuditReading, Depends(_reading(Core.audit))]
BulkDep = Annotated[BulkReassignment, Depends(_working(Core.bulk_reassignment))]
CasesDep = Annotated[CaseService, Depends(_working(Core.cases))]
DayListDep = Annotated[DayList, Depends(_working(Core.day_list))]
FiguresDep = Annotated[FigureService, Depends(_reading(Core.figures))]
HearingsDep = Annotated[HearingService, Depends(_working(Core.hearings))]
ImportsDep = Annotated[ImportService, Depends(_working(Core.imports))]
LedgerDep = Annotated[Ledger, Depends(_working(Core.ledger))]
LifecycleDep = Annotated[CaseLifecycle, Depends(_working(Core.lifecycle))]
LinksDep = Annotated[LinkService, Depends(_working(Core.links))]
PostingsDep = Annotated[PostingService, Depends(_working(Core.postings))]
ReferenceDep = Annotated[ReferenceService, Depends(_working(Core.reference))]
VersionsDep = Annotated[VersionReading, Depends(_working(Core.versions))]
RequestsDep = Annotated[ChangeRequestService, Depends(_working(Core.change_requests))]
