"""Named groups of courts. Grants have a copy of a group's courts: nothing else resolves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlmodel import col

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.users.administrators import Administrators, SelfElevation
from auth_service.users.grants import require_room
from auth_service.users.models import CourtGroup, UserGrant
from auth_service.users.repository import GrantRepository, GroupRepository
from auth_service.users.service import UserService
from common.clock import Clock
from common.errors import Conflict, NotFound
from common.keyset import Order, Pager, Slice, SortKey
from common.pages import PageRequest
from common.writes import ExpectedVersion, check_version

BY_NAME: Final[Order[CourtGroup]] = Order(
    "name", (SortKey(col(CourtGroup.name), lambda row: row.name),), large=True
)


class GroupNameTaken(Conflict):
    """Another group has this name."""

    code: ClassVar[str] = "group-name-taken"
    title: ClassVar[str] = "Another group of courts has this name"


class GroupInUse(Conflict):
    """Grants that are in force or will be name this group: remove them first."""

    code: ClassVar[str] = "group-in-use"
    title: ClassVar[str] = "Grants name this group of courts"


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What to change about a group; None means no change."""

    name: str | None = None
    courts: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class CourtGroups:
    """Changes by the administrator `by`."""

    groups: GroupRepository
    grants: GrantRepository
    users: UserService
    administrators: Administrators
    clock: Clock
    audit: AuditLog
    pager: Pager

    async def page(self, page: PageRequest) -> Slice[CourtGroup]:
        """A page of groups by name."""
        every = self.groups.statement()
        return await self.pager.cut(self.groups, every, BY_NAME, page, purpose="court-groups")

    async def get(self, group_id: UUID) -> CourtGroup:
        """A group. Raises NotFound."""
        group = await self.groups.get(group_id)
        if group is None:
            raise NotFound
        return group

    async def create(self, name: str, courts: frozenset[UUID], by: UUID) -> CourtGroup:
        """A new group. Raises GroupNameTaken."""
        await self.administrators.require(by)
        await self._require_free(name)
        now = self.clock.now()
        group = CourtGroup(name=name, court_ids=sorted(courts), created_at=now, updated_at=now)
        await self.groups.add(group)
        self._record(Action.COURT_GROUP_CREATE, group)
        return group

    async def change(
        self, group_id: UUID, change: GroupChange, expected: ExpectedVersion, by: UUID
    ) -> CourtGroup:
        """Rename a group or change its courts, for all who hold a grant by it, at once.

        Raises NotFound, PreconditionFailed, GroupNameTaken, SelfElevation, ValidationFailed.
        """
        group = await self._lock(group_id, by)
        check_version(expected, group.version)
        if change.name is not None and change.name != group.name:
            await self._require_free(change.name)
            group.name = change.name
        if change.courts is not None and change.courts != frozenset(group.court_ids):
            await self._set_courts(group, change.courts, by)
        group.updated_at = self.clock.now()
        group.version += 1
        self._record(Action.COURT_GROUP_CHANGE, group)
        return group

    async def delete(self, group_id: UUID, expected: ExpectedVersion, by: UUID) -> None:
        """Delete a group that no grant names. Raises NotFound, PreconditionFailed, GroupInUse."""
        group = await self._lock(group_id, by)
        check_version(expected, group.version)
        if await self._held(group):
            raise GroupInUse
        self._record(Action.COURT_GROUP_DELETE, group)
        await self.groups.delete(group)

    async def _lock(self, group_id: UUID, by: UUID) -> CourtGroup:
        await self.administrators.require(by)
        group = await self.groups.get(group_id, lock=True)
        if group is None:
            raise NotFound
        return group

    async def _held(self, group: CourtGroup) -> Sequence[UserGrant]:
        return await self.grants.all(self.grants.of_group(group.id, self.clock.now()))

    async def _set_courts(self, group: CourtGroup, courts: frozenset[UUID], by: UUID) -> None:
        held = await self._held(group)
        adds = not courts <= frozenset(group.court_ids)
        if adds and any(grant.user_id == by for grant in held):
            raise SelfElevation
        group.court_ids = sorted(courts)
        holders = await self.users.lock_all({grant.user_id for grant in held})
        for grant in held:
            grant.court_ids, grant.version = group.court_ids, grant.version + 1
        await self._require_room([user.id for user in holders])
        for user in holders:
            self.users.refuse_older_tokens(user)

    async def _require_room(self, user_ids: Sequence[UUID]) -> None:
        by_user: dict[UUID, list[UserGrant]] = {}
        for grant in await self.users.grants_not_over(user_ids):
            by_user.setdefault(grant.user_id, []).append(grant)
        for grants in by_user.values():
            require_room(grants)

    async def _require_free(self, name: str) -> None:
        if await self.groups.first(self.groups.named(name)) is not None:
            raise GroupNameTaken

    def _record(self, action: Action, group: CourtGroup) -> None:
        courts = [str(court) for court in group.court_ids]
        details: dict[str, Any] = {"group_id": str(group.id), "name": group.name, "courts": courts}
        self.audit.record(Event(action, details=details))
