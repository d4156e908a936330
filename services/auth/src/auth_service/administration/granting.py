"""Giving, changing and removing grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from auth_service.administration.errors import GrantOver, require_changeable
from auth_service.users.administrators import Administrators, SelfElevation
from auth_service.users.grants import is_later, require_period
from auth_service.users.models import User, UserGrant
from auth_service.users.service import TimedGrant, UserService
from common.clock import Clock
from common.errors import NotFound
from common.writes import ExpectedVersion, check_version


@dataclass(frozen=True, slots=True)
class EndChange:
    """Until when a grant of this version is to be in force; None: until it is removed."""

    expires_at: datetime | None
    expected: ExpectedVersion


@dataclass(frozen=True, slots=True)
class Granting:
    """Changes by the administrator `by`."""

    users: UserService
    administrators: Administrators
    clock: Clock

    async def grants(self, user_id: UUID) -> Sequence[UserGrant]:
        """Every grant of a user, those that are over too. Raises NotFound."""
        if await self.users.get(user_id) is None:
            raise NotFound
        return await self.users.all_grants([user_id])

    async def grant(self, user_id: UUID, grant_id: UUID) -> UserGrant:
        """A grant of a user. Raises NotFound."""
        return await self._get(user_id, grant_id)

    async def add(self, user_id: UUID, given: TimedGrant, by: UUID) -> UserGrant:
        """Give a role. Raises NotFound, UserAnonymised, SelfElevation, ValidationFailed."""
        user = await self.administrators.lock_user(user_id, by)
        if user.id == by:
            raise SelfElevation
        require_changeable(user)
        require_period(given.begins_at, given.expires_at, self.clock.now())
        return await self.users.give(user, given)

    async def change(self, user_id: UUID, grant_id: UUID, change: EndChange, by: UUID) -> UserGrant:
        """Change until when a grant is in force.

        Raises NotFound, PreconditionFailed, GrantOver, SelfElevation, LastAdmin, ValidationFailed.
        """
        user = await self.administrators.lock_user(user_id, by)
        grant = await self._get(user.id, grant_id, lock=True)
        check_version(change.expected, grant.version)
        self._require_allowed(user, grant, change.expires_at, by)
        was_admin = await self.administrators.include(user)
        await self.users.change_end(user, grant, change.expires_at)
        if was_admin:
            await self.administrators.require_one_left()
        return grant

    async def remove(self, user_id: UUID, grant_id: UUID, by: UUID) -> None:
        """Remove a role. Raises NotFound, LastAdmin."""
        user = await self.administrators.lock_user(user_id, by)
        was_admin = await self.administrators.include(user)
        grant = await self._get(user.id, grant_id, lock=True)
        await self.users.remove_grant(user, grant)
        if was_admin:
            await self.administrators.require_one_left()

    async def _get(self, user_id: UUID, grant_id: UUID, *, lock: bool = False) -> UserGrant:
        grant = await self.users.grants.get(grant_id, lock=lock)
        if grant is None or grant.user_id != user_id:
            raise NotFound
        return grant

    def _require_allowed(
        self, user: User, grant: UserGrant, expires_at: datetime | None, by: UUID
    ) -> None:
        if grant.is_over(self.clock.now()):
            raise GrantOver
        if user.id == by and is_later(expires_at, grant.expires_at):
            raise SelfElevation
        require_period(grant.begins_at, expires_at, self.clock.now())
