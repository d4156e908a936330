"""Who is an administrator of all courts now, decided under one lock.

Every change of accounts first takes the lock, then reads whether the caller is still an
administrator. So two administrators cannot remove each other or the last one, and none can continue
after losing the role, with a token that is not refused yet.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.users.grants import compact
from auth_service.users.models import User
from auth_service.users.repository import UserRepository
from auth_service.users.service import UserService
from common.errors import Conflict, NotFound, PermissionDenied
from common.identity import Grant, Role


class SelfElevation(PermissionDenied):
    """Another administrator must grant the role."""

    code: ClassVar[str] = "self-elevation"
    title: ClassVar[str] = "Users may not grant themselves a role"


class LastAdmin(Conflict):
    """No active administrator with a password would remain whose grant is in force for ever."""

    code: ClassVar[str] = "last-admin"
    title: ClassVar[str] = "This is the last active administrator"


@dataclass(frozen=True, slots=True)
class Administrators:
    users: UserService
    statements: UserRepository

    async def lock(self) -> None:
        """Serialise administrative changes until the unit of work ends."""
        await self.statements.lock_administration()

    async def require(self, by: UUID) -> None:
        """Take the lock, then check the role. Raises PermissionDenied."""
        await self.lock()
        caller = await self.users.get(by)
        if caller is None or not await self.include(caller):
            raise PermissionDenied("You are no longer an administrator")

    async def lock_user(self, user_id: UUID, by: UUID) -> User:
        """A user whom `by` may change, locked. Raises PermissionDenied, NotFound."""
        await self.require(by)
        user = await self.users.lock(user_id)
        if user is None:
            raise NotFound
        return user

    async def include(self, user: User) -> bool:
        """Whether a user is an active administrator of all courts now."""
        grants = compact(await self.users.grants_in_force(user.id))
        return user.is_active and Grant(Role.ADMIN) in grants

    async def require_one_left(self) -> None:
        """Refuse a change after which no administrator would remain. Raises LastAdmin."""
        if await self.statements.first(self._permanent()) is None:
            raise LastAdmin

    async def remain_without(self, user: User) -> bool:
        """Whether there are enough administrators without this user, if it is one at all."""
        others = self._permanent().where(col(User.id) != user.id)
        if await self.statements.first(others) is not None:
            return True
        return not await self.include(user)

    def _permanent(self) -> SelectOfScalar[User]:
        return self.statements.permanent_admins(self.users.clock.now())
