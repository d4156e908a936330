"""Endpoints of changes of shared data: spellings, judges, and reference data of every kind."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, status

from common.composition import working
from common.idempotency import write_once
from common.problem_responses import ALLOWED, CREATING, VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep
from core_service.aliases.errors import DECISION
from core_service.aliases.schemas import AliasAccept, AliasRead, AliasReject
from core_service.aliases.service import AliasService, Decision
from core_service.judges.errors import JudgeMergeInvalid, JudgeNotFound, JudgeNotMerged
from core_service.judges.schemas import JudgeMergeCreate, JudgeMergeRead
from core_service.proposals.alias_decisions import AliasDecisions, proposal_of
from core_service.proposals.approvals import ACCEPTED, PROPOSING, Approvals, ApprovalsDep
from core_service.proposals.models import Proposal, RequestKind, Result
from core_service.proposals.schemas import DecisionList, DecisionListRead
from core_service.reference.errors import RULES, ReferenceNotFound
from core_service.reference.resources import RESOURCES, Resource
from core_service.tables import Record

JUDGES: Final = "judges"  # the table that the requests name

AliasesDep = Annotated[AliasService, Depends(working(AliasService))]

alias_router = APIRouter(prefix="/api/v1/aliases", tags=["aliases"])


@alias_router.post(
    "/decisions",
    summary="Decide about many spellings",
    response_model=DecisionListRead,
    responses=problems(ALLOWED, CREATING),
)
@write_once
async def decide_aliases(
    approvals: ApprovalsDep, aliases: AliasesDep, body: DecisionList
) -> Answer:
    """Accept and reject up to 500 spellings by the rules of single ones, each with its own verdict.

    A decision that needs an administrator becomes a request: `asked`, with a `request_id`. One that
    is not possible is `refused`, with the problem, and stops no other.
    """
    decisions = AliasDecisions(aliases, approvals.proposals)
    verdicts = await decisions.decide(
        [item.to_decision() for item in body.items], approvals.principal
    )
    return Answer(DecisionListRead.of(verdicts), status.HTTP_200_OK)


@alias_router.post(
    "/{alias_id}/accept",
    summary="Decide what a spelling means",
    response_model=AliasRead,
    responses=ACCEPTED | problems(PROPOSING, DECISION),
)
@write_once
async def accept_alias(
    approvals: ApprovalsDep, aliases: AliasesDep, alias_id: UUID, body: AliasAccept
) -> Answer:
    """Accept a meaning: every row that waits for it is applied, and so are future ones.

    Administrators of all courts decide; with `court_id` that court's administrator does, and the
    meaning holds for that court's rows alone.
    """
    return await _decide(approvals, aliases, body.decision(alias_id))


@alias_router.post(
    "/{alias_id}/reject",
    summary="Decide that a spelling means nothing",
    response_model=AliasRead,
    responses=ACCEPTED | problems(PROPOSING, DECISION),
)
@write_once
async def reject_alias(
    approvals: ApprovalsDep, aliases: AliasesDep, alias_id: UUID, body: AliasReject | None = None
) -> Answer:
    """Reject a spelling: rows with it are rejected. It can still be accepted later. Who decides is
    as for accepting.
    """
    return await _decide(approvals, aliases, (body or AliasReject()).decision(alias_id))


async def _decide(approvals: Approvals, aliases: AliasService, decision: Decision) -> Answer:
    async def propose() -> Proposal:
        known = await aliases.known_to(approvals.principal, [decision])
        await aliases.require_known(decision, known)
        return proposal_of(decision)

    async def show(result: Result) -> Answer:
        (read,) = await aliases.show([result.value], approvals.principal)
        return Answer(AliasRead.of(read), status.HTTP_200_OK)

    return await approvals.submit(propose, show)


judge_router = APIRouter(prefix="/api/v1/judges/{judge_id}", tags=["judges"])


@judge_router.post(
    "/merge",
    summary="Merge a judge into another",
    status_code=status.HTTP_201_CREATED,
    response_model=JudgeMergeRead,
    responses=ACCEPTED | problems(PROPOSING, JudgeNotFound, JudgeMergeInvalid),
)
@write_once
async def merge_judge(approvals: ApprovalsDep, judge_id: UUID, body: JudgeMergeCreate) -> Answer:
    """Every seat, case, hearing, assignment and alias moves to the other judge, and the name of
    this one stays known as a spelling of it. It can be undone.
    """
    proposal = Proposal(
        RequestKind.MERGE,
        reason=body.reason,
        entity=JUDGES,
        entity_id=judge_id,
        terms=body.model_dump(mode="json", include={"into_id"}),
    )
    return await approvals.submit_shared(proposal, lambda merged: Answer(JudgeMergeRead.of(merged)))


@judge_router.post(
    "/unmerge",
    summary="Undo a merge",
    response_model=JudgeMergeRead,
    responses=ACCEPTED | problems(PROPOSING, JudgeNotFound, JudgeNotMerged, JudgeMergeInvalid),
)
@write_once
async def unmerge_judge(approvals: ApprovalsDep, judge_id: UUID) -> Answer:
    """What the merge moved points to this judge again."""
    proposal = Proposal(RequestKind.UNMERGE, entity=JUDGES, entity_id=judge_id)
    return await approvals.submit_shared(
        proposal, lambda merged: Answer(JudgeMergeRead.of(merged), status.HTTP_200_OK)
    )


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


routers = (alias_router, judge_router, *(_router(resource) for resource in RESOURCES))
