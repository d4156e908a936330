"""Endpoints of postings."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from common.composition import working
from common.errors import ValidationFailed
from common.idempotency import write_once
from common.problem_responses import ALLOWED, CREATING, VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep, write
from core_service.access.callers import AdministratorDep, shared_data_reader
from core_service.judges.errors import (
    JudgeNotFound,
    PostingNotFound,
    PostingOverlaps,
)
from core_service.judges.postings import PostingService
from core_service.judges.schemas import (
    PostingCreate,
    PostingEnd,
    PostingList,
    PostingRead,
)
from core_service.reference.errors import PeriodInvalid, UnknownReference

PostingsDep = Annotated[PostingService, Depends(working(PostingService))]

router = APIRouter(prefix="/api/v1/judges/{judge_id}", tags=["judges"])


@dataclass(frozen=True, slots=True)
class PostingPath:
    """The IDs in the path of a posting."""

    judge_id: UUID
    posting_id: UUID


@router.get(
    "/postings",
    summary="List a judge's postings",
    responses=problems(ALLOWED, JudgeNotFound),
    dependencies=[Depends(shared_data_reader)],
)
async def list_judge_postings(postings: PostingsDep, judge_id: UUID) -> PostingList:
    """Where the judge sits and sat, the latest first."""
    found = await postings.of_judge(judge_id)
    return PostingList(items=[PostingRead.model_validate(posting) for posting in found])


@router.post(
    "/postings",
    summary="Post a judge to a court",
    status_code=status.HTTP_201_CREATED,
    response_model=PostingRead,
    responses=problems(ALLOWED, CREATING, JudgeNotFound, PostingOverlaps, UnknownReference),
)
@write_once
async def create_judge_posting(
    by: AdministratorDep, postings: PostingsDep, judge_id: UUID, body: PostingCreate
) -> Answer:
    """For administrators of the court. A judge has one principal posting at a time, and any number
    of others.
    """
    posting = await postings.post(judge_id, body.model_dump(), by)
    return Answer(PostingRead.model_validate(posting), version=posting.version)


@router.patch(
    "/postings/{posting_id}",
    summary="End a posting",
    response_model=PostingRead,
    responses=problems(
        ALLOWED, VERSIONED, PostingNotFound, PostingOverlaps, ValidationFailed, PeriodInvalid
    ),
)
@write
async def end_judge_posting(
    by: AdministratorDep,
    postings: PostingsDep,
    which: Annotated[PostingPath, Depends()],
    expected: ExpectedVersionDep,
    body: PostingEnd,
) -> Answer:
    """For administrators of the posting's court. Needs `If-Match`."""
    ended = await postings.end(which.judge_id, which.posting_id, body.to_on, expected, by)
    return Answer.of(ended, PostingRead.model_validate(ended))
