"""Endpoints of postings and merges."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from common.caller import PrincipalDep
from common.composition import working
from common.errors import ValidationFailed
from common.idempotency import Answer, IdempotencyDep
from common.problem_responses import ALLOWED, CREATING, VERSIONED, problems
from common.versions import ExpectedVersionDep, set_etag
from core_service.access.actors import Actor
from core_service.access.courts import deciding, require_court
from core_service.cases.visibility import reading
from core_service.change_requests.deeds import Wish
from core_service.change_requests.desk import ASK, ASKED, DeskDep
from core_service.change_requests.models import RequestKind
from core_service.judges.errors import (
    JudgeMergeInvalid,
    JudgeNotFound,
    JudgeNotMerged,
    PostingNotFound,
    PostingOverlaps,
)
from core_service.judges.merging import Merged
from core_service.judges.postings import PostingService
from core_service.judges.schemas import (
    JudgeMergeCreate,
    JudgeMergeRead,
    PostingCreate,
    PostingEnd,
    PostingList,
    PostingRead,
)
from core_service.reference.errors import PeriodInvalid, UnknownReference
from core_service.reference.models import Judge

PostingsDep = Annotated[PostingService, Depends(working(PostingService))]


router = APIRouter(prefix="/api/v1/judges/{judge_id}", tags=["judges"])


@dataclass(frozen=True, slots=True)
class PostingPath:
    """The IDs in the path of a posting."""

    judge_id: UUID
    posting_id: UUID


WhichPosting = Annotated[PostingPath, Depends()]


@router.get(
    "/postings", summary="List a judge's postings", responses=problems(ALLOWED, JudgeNotFound)
)
async def list_judge_postings(
    principal: PrincipalDep, postings: PostingsDep, judge_id: UUID
) -> PostingList:
    """Where the judge sits and sat, the latest first."""
    reading(principal)
    found = await postings.of_judge(judge_id)
    return PostingList(items=[PostingRead.model_validate(posting) for posting in found])


@router.post(
    "/postings",
    summary="Post a judge to a court",
    status_code=status.HTTP_201_CREATED,
    response_model=PostingRead,
    responses=problems(ALLOWED, CREATING, JudgeNotFound, PostingOverlaps, UnknownReference),
)
async def create_judge_posting(
    principal: PrincipalDep,
    postings: PostingsDep,
    idempotency: IdempotencyDep,
    judge_id: UUID,
    body: PostingCreate,
) -> Response:
    """For administrators of the court. A judge has one principal posting at a time, and any number
    of others.
    """
    require_court(deciding(principal), body.court_id)

    async def work() -> Answer:
        posting = await postings.post(judge_id, body.model_dump(), Actor.of(principal))
        shown = PostingRead.model_validate(posting).model_dump(mode="json", by_alias=True)
        return Answer(shown, version=posting.version)

    return await idempotency.run(work)


@router.patch(
    "/postings/{posting_id}",  # noqa: FAST003 - a field of PostingPath
    summary="End a posting",
    responses=problems(
        ALLOWED, VERSIONED, PostingNotFound, PostingOverlaps, ValidationFailed, PeriodInvalid
    ),
)
async def end_judge_posting(
    principal: PrincipalDep,
    postings: PostingsDep,
    response: Response,
    which: WhichPosting,
    expected: ExpectedVersionDep,
    body: PostingEnd,
) -> PostingRead:
    """For administrators of the posting's court. Needs `If-Match`."""
    allowed = deciding(principal)
    posting = await postings.lock(which.judge_id, which.posting_id)
    require_court(allowed, posting.court_id)
    ended = await postings.end(posting, body.to_on, expected, Actor.of(principal))
    set_etag(response, ended.version)
    return PostingRead.model_validate(ended)


@router.post(
    "/merge",
    summary="Merge a judge into another",
    status_code=status.HTTP_201_CREATED,
    response_model=JudgeMergeRead,
    responses=ASKED | problems(ASK, JudgeNotFound, JudgeMergeInvalid),
)
async def merge_judge(desk: DeskDep, judge_id: UUID, body: JudgeMergeCreate) -> Response:
    """Every seat, case, hearing, assignment and alias moves to the other judge, and the name of
    this one stays known as a spelling of it. It can be undone.
    """
    terms = body.model_dump(mode="json", include={"into_id"})
    wish = _wish(RequestKind.MERGE, judge_id, reason=body.reason, terms=terms)
    return await desk.hand_in(wish, lambda merged: Answer(_shown(merged)))


@router.post(
    "/unmerge",
    summary="Undo a merge",
    response_model=JudgeMergeRead,
    responses=ASKED | problems(ASK, JudgeNotFound, JudgeNotMerged, JudgeMergeInvalid),
)
async def unmerge_judge(desk: DeskDep, judge_id: UUID) -> Response:
    """What the merge moved points to this judge again."""
    wish = _wish(RequestKind.UNMERGE, judge_id)
    return await desk.hand_in(wish, lambda merged: Answer(_shown(merged), status.HTTP_200_OK))


def _wish(kind: RequestKind, judge_id: UUID, **said: Any) -> Wish:
    return Wish(kind, entity=Judge.__tablename__, entity_id=judge_id, **said)


def _shown(merged: Merged) -> JudgeMergeRead:
    merge = merged.merge
    return JudgeMergeRead(
        id=merge.id,
        judge_id=merge.judge_id,
        into_id=merge.into_id,
        reason=merge.reason,
        merged_at=merge.created_at,
        merged_by=merge.created_by,
        undone_at=merge.undone_at,
        moved=dict(merged.moved),
    )
