"""/court-groups: named groups of courts, by which grants are given."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field, model_validator

from auth_service.access import AdminDep
from auth_service.fields import PersonName
from auth_service.users.administrators import SelfElevation
from auth_service.users.court_groups import CourtGroups, GroupChange, GroupInUse, GroupNameTaken
from auth_service.users.grants import MAX_COURTS
from auth_service.users.models import CourtGroup
from common.composition import working
from common.errors import BadRequest
from common.idempotency import write_once
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, ONE, PAGED, VERSIONED, problems
from common.schemas import RequestModel, ResponseModel
from common.writes import Answer, ExpectedVersionDep, set_etag, write

PATH = "/api/v1/court-groups"

GroupsDep = Annotated[CourtGroups, Depends(working(CourtGroups))]
GroupName = Annotated[PersonName, Field(examples=["High Courts of the coast"])]
CourtIds = Annotated[list[UUID], Field(min_length=1, max_length=MAX_COURTS)]

router = APIRouter(prefix=PATH, tags=["court groups"])


class CourtGroupCreate(RequestModel):
    """A group of courts to make."""

    name: GroupName
    courts: CourtIds


class CourtGroupUpdate(RequestModel):
    """What to change; at least one member."""

    name: GroupName | None = None
    courts: CourtIds | None = None

    @model_validator(mode="after")
    def _something(self) -> "CourtGroupUpdate":
        if self.name is None and self.courts is None:
            raise ValueError("give name or courts")
        return self

    def to_change(self) -> GroupChange:
        return GroupChange(self.name, None if self.courts is None else frozenset(self.courts))


class CourtGroupRead(ResponseModel):
    """A group of courts."""

    id: UUID
    name: str
    courts: list[UUID]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, group: CourtGroup) -> "CourtGroupRead":
        return cls.model_validate(group.model_dump() | {"courts": group.court_ids})


@router.get("", summary="List groups of courts", responses=problems(ALLOWED, PAGED))
async def list_court_groups(
    groups: GroupsDep, _admin: AdminDep, page: PageDep
) -> Page[CourtGroupRead]:
    """Groups of courts by name."""
    found = await groups.page(page)
    items = [CourtGroupRead.of(group) for group in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=CourtGroupRead,
    summary="Create a group of courts",
    responses=problems(ALLOWED, CREATING, GroupNameTaken),
)
@write_once
async def create_court_group(body: CourtGroupCreate, groups: GroupsDep, admin: AdminDep) -> Answer:
    """A name for courts, which grants may give instead of a list."""
    group = await groups.create(body.name, frozenset(body.courts), admin.require_user())
    return Answer(CourtGroupRead.of(group), version=group.version, location=f"{PATH}/{group.id}")


@router.get("/{group_id}", summary="Read a group of courts", responses=problems(ALLOWED, ONE))
async def get_court_group(
    group_id: UUID, groups: GroupsDep, _admin: AdminDep, response: Response
) -> CourtGroupRead:
    """A group of courts; the version is the ETag."""
    group = await groups.get(group_id)
    set_etag(response, group.version)
    return CourtGroupRead.of(group)


@router.patch(
    "/{group_id}",
    summary="Change a group of courts",
    response_model=CourtGroupRead,
    responses=problems(ALLOWED, SelfElevation, ONE, VERSIONED, BadRequest, GroupNameTaken),
)
@write
async def change_court_group(
    group_id: UUID,
    body: CourtGroupUpdate,
    groups: GroupsDep,
    admin: AdminDep,
    expected: ExpectedVersionDep,
) -> Answer:
    """Requires `If-Match`. Grants by the group follow at once: older tokens are `token-stale`."""
    group = await groups.change(group_id, body.to_change(), expected, admin.require_user())
    return Answer.of(group, CourtGroupRead.of(group))


@router.delete(
    "/{group_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Delete a group of courts",
    responses=problems(ALLOWED, ONE, VERSIONED, BadRequest, GroupInUse),
)
@write
async def delete_court_group(
    group_id: UUID, groups: GroupsDep, admin: AdminDep, expected: ExpectedVersionDep
) -> None:
    """Requires `If-Match`. Refused while grants name it that are in force or will be."""
    await groups.delete(group_id, expected, admin.require_user())
