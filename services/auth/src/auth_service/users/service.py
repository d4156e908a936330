"""Users and their grants within one unit of work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from auth_service.audit.models import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.revocations.changes import Changes
from auth_service.users.email import normal_email
from auth_service.users.models import User, UserGrant
from auth_service.users.repository import GrantRepository, UserRepository
from common.clock import Clock
from common.identity import Grant
from common.versions import check_version


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to create; the e-mail is in its normal spelling, the password hashed."""

    email: str
    name: str
    password_hash: str | None
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class UserService:
    """Users and grants. Whatever changes a user holds the row alone; tokens hold it shared."""

    users: UserRepository
    grants: GrantRepository
    clock: Clock
    audit: AuditLog
    changes: Changes

    async def by_email(self, address: str) -> User | None:
        """The user who signs in by this address."""
        return await self.users.first(self.users.with_email(normal_email(address)))

    async def get(self, user_id: UUID) -> User | None:
        """The user, as last committed."""
        return await self.users.get(user_id)

    async def hold(self, user_id: UUID) -> User | None:
        """The user, who cannot change until the unit of work ends."""
        return await self.users.first(self.users.held(user_id))

    async def lock(self, user_id: UUID) -> User | None:
        """The user, to be changed here and nowhere else until the unit of work ends."""
        return await self.users.get(user_id, lock=True)

    async def named(self, user_ids: Collection[UUID]) -> Sequence[User]:
        """The users with these IDs, as far as there are any."""
        return await self.users.all(self.users.with_ids(user_ids))

    async def grants_in_force(self, user_id: UUID) -> Sequence[UserGrant]:
        """The user's grants that have not run out."""
        return await self.grants.all(self.grants.in_force(user_id, self.clock.now()))

    async def stale_since(self, moment: datetime) -> Sequence[User]:
        """Users whose tokens from before a moment since then are refused."""
        return await self.users.all(self.users.with_tokens_valid_from(moment))

    async def create(self, new: NewUser) -> User:
        """A new, active user. The unit of work may fail with EmailTaken."""
        now = self.clock.now()
        user = User(
            email=new.email,
            name=new.name,
            password_hash=new.password_hash,
            password_changed_at=now if new.password_hash else None,
            created_at=now,
            updated_at=now,
        )
        await self.users.add(user)
        self.audit.record(Event(Action.USER_CREATE, subject_id=user.id))
        for grant in new.grants:
            await self._give(user, grant, expires_at=None)
        return user

    def rename(self, user: User, name: str, *, expected_version: int) -> None:
        """Change the name of a locked user. Raises PreconditionFailed."""
        check_version(expected_version, user.version)
        user.name = name
        self._touch(user)
        self.audit.record(Event(Action.USER_UPDATE, subject_id=user.id))

    def set_password_hash(self, user: User, password_hash: str) -> None:
        """Give a locked user a new password."""
        user.password_hash = password_hash
        user.password_changed_at = self.clock.now()
        self._touch(user)
        self.audit.record(Event(Action.PASSWORD_CHANGE, subject_id=user.id))

    async def add_grant(self, user: User, grant: Grant, expires_at: datetime | None = None) -> None:
        """Grant a locked user a role; tokens that do not say so yet are refused from now on."""
        await self._give(user, grant, expires_at)
        self._make_tokens_stale(user)

    async def _give(self, user: User, grant: Grant, expires_at: datetime | None) -> None:
        court_ids = None if grant.courts is None else sorted(grant.courts)
        await self.grants.add(
            UserGrant(
                user_id=user.id,
                role=grant.role,
                court_ids=court_ids,
                expires_at=expires_at,
                created_at=self.clock.now(),
                created_by=self.audit.source.actor_id,
            )
        )
        self.audit.record(Event(Action.GRANT_ADD, subject_id=user.id, details=grant.to_claim()))

    def _make_tokens_stale(self, user: User) -> None:
        # Tokens count whole seconds: those of the running second may still hold the old grants.
        # New ones are issued as of the next second, at once.
        valid_from = self.clock.now().replace(microsecond=0) + timedelta(seconds=1)
        user.tokens_valid_from = valid_from
        self._touch(user)
        self.changes.tokens_stale(user.id, valid_from)

    def _touch(self, user: User) -> None:
        user.updated_at = self.clock.now()
        user.version += 1
