"""Endpoints that add and change reference data, made alike for every kind."""

from uuid import UUID

from fastapi import APIRouter, status

from common.idempotency import write_once
from common.problem_responses import VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep
from core_service.proposals.approvals import ACCEPTED, PROPOSING, ApprovalsDep
from core_service.proposals.models import RequestKind
from core_service.proposals.proposal import Proposal
from core_service.reference.errors import RULES, ReferenceNotFound
from core_service.reference.resources import RESOURCES, Resource
from core_service.tables import Record


def _router(resource: Resource) -> APIRouter:
    router = APIRouter(prefix=resource.url, tags=["reference data"])
    _add_creation(router, resource)
    _add_change(router, resource)
    return router


def _add_creation(router: APIRouter, resource: Resource) -> None:
    @router.post(
        "",
        name=f"create_{resource.name}",
        summary=f"Add {resource.one}",
        description=f"Add {resource.one} for returns and forms to name.",
        status_code=status.HTTP_201_CREATED,
        response_model=resource.read,
        responses=ACCEPTED | problems(PROPOSING, RULES),
    )
    @write_once
    async def create_row(
        approvals: ApprovalsDep,
        body: resource.create,  # type: ignore[name-defined]  # a type known at run time
    ) -> Answer:
        terms = body.model_dump(mode="json")
        proposal = Proposal(RequestKind.REFERENCE_ADD, entity=resource.table, terms=terms)

        def show(row: Record) -> Answer:
            location = f"{resource.url}/{row.id}"
            return Answer(resource.read.model_validate(row), version=row.version, location=location)

        return await approvals.submit_shared(proposal, show)


def _add_change(router: APIRouter, resource: Resource) -> None:
    @router.patch(
        "/{row_id}",
        name=f"change_{resource.name}",
        summary=f"Change {resource.one}",
        description="Needs `If-Match`; what is left out stays as it is.",
        responses=ACCEPTED | problems(PROPOSING, VERSIONED, ReferenceNotFound, RULES),
        response_model=resource.read,
    )
    @write_once
    async def change_row(
        approvals: ApprovalsDep,
        row_id: UUID,
        expected: ExpectedVersionDep,
        body: resource.update,  # type: ignore[name-defined]  # a type known at run time
    ) -> Answer:
        proposal = Proposal(
            RequestKind.REFERENCE_CHANGE,
            entity=resource.table,
            entity_id=row_id,
            entity_version=expected,
            terms=body.model_dump(mode="json", exclude_unset=True),
        )

        def show(row: Record) -> Answer:
            return Answer(resource.read.model_validate(row), status.HTTP_200_OK, row.version)

        return await approvals.submit_shared(proposal, show)


routers = tuple(_router(resource) for resource in RESOURCES)
