"""Endpoints of merging judges."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, status

from common.idempotency import write_once
from common.problem_responses import problems
from common.writes import Answer
from core_service.judges.errors import JudgeMergeInvalid, JudgeNotFound, JudgeNotMerged
from core_service.judges.schemas import JudgeMergeCreate, JudgeMergeRead
from core_service.proposals.approvals import ACCEPTED, PROPOSING, ApprovalsDep
from core_service.proposals.models import RequestKind
from core_service.proposals.proposal import Proposal

JUDGES: Final = "judges"  # the table that the requests name

router = APIRouter(prefix="/api/v1/judges/{judge_id}", tags=["judges"])


@router.post(
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


@router.post(
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
