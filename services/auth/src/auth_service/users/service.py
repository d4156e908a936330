"""Users and their grants within one unit of work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlmodel import col

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.fields import normal_email
from auth_service.revocations.rules import PendingRevocations
from auth_service.users.grants import compact, require_room
from auth_service.users.models import (
    MAX_MAIL_REASON,
    EmailChange,
    MailState,
    User,
    UserFilter,
    UserGrant,
)
from auth_service.users.repository import GrantRepository, UserRepository
from common.clock import Clock
from common.errors import Conflict
from common.identity import Grant
from common.keyset import Order, Pager, Slice, SortKey, Weigher
from common.pages import PageRequest
from common.writes import ExpectedVersion, check_version

# A user may have grants at hundreds of courts.
BY_EMAIL: Final[Order[User]] = Order(
    "email", (SortKey(col(User.email), lambda row: row.email),), large=True
)


class EmailTaken(Conflict):
    """Another user has this e-mail address."""

    code: ClassVar[str] = "email-taken"
    title: ClassVar[str] = "Another user has this e-mail address"


@dataclass(frozen=True, slots=True)
class TimedGrant:
    grant: Grant
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to create; the e-mail is normalised, the password hashed."""

    email: str
    name: str
    password_hash: str | None = field(repr=False)
    grants: tuple[TimedGrant, ...] = ()


def note_mail(
    on: User | EmailChange | None, state: MailState, at: datetime, reason: str | None = None
) -> None:
    """Note what has become of the last letter, on a locked user or change. Its version stays."""
    if on is not None:
        on.mail_state, on.mail_at = state, at
        on.mail_reason = reason[:MAX_MAIL_REASON] if reason is not None else None


@dataclass(frozen=True, slots=True)
class UserService:
    """Users and grants. A change locks the user's row; issuing a token takes a shared lock."""

    users: UserRepository
    grants: GrantRepository
    clock: Clock
    audit: AuditLog
    revocations: PendingRevocations
    pager: Pager

    async def by_email(self, address: str) -> User | None:
        return await self.users.first(self.users.with_email(normal_email(address)))

    async def get(self, user_id: UUID) -> User | None:
        """The user, as last committed."""
        return await self.users.get(user_id)

    async def share_lock(self, user_id: UUID) -> User | None:
        """The user, locked against changes until the unit of work ends."""
        return await self.users.get(user_id, share_lock=True)

    async def lock(self, user_id: UUID) -> User | None:
        """The user, whom only this unit of work can change until it ends."""
        return await self.users.get(user_id, lock=True)

    async def named(self, user_ids: Collection[UUID]) -> Sequence[User]:
        """The users with these IDs; unknown ones are left out."""
        return await self.users.all(self.users.with_ids(user_ids))

    async def grants_in_force(self, user_id: UUID) -> Sequence[UserGrant]:
        return await self.grants.all(self.grants.in_force(user_id, self.clock.now()))

    async def grants_of_active(
        self, user_ids: Collection[UUID]
    ) -> Mapping[UUID, tuple[Grant, ...]]:
        """What these users may do now; deactivated ones and those without grants are left out."""
        statement = self.grants.in_force_of_active(list(user_ids), self.clock.now())
        held: dict[UUID, list[UserGrant]] = {}
        for grant in await self.grants.all(statement):
            held.setdefault(grant.user_id, []).append(grant)
        return {user_id: compact(grants) for user_id, grants in held.items()}

    async def all_grants(self, user_ids: Sequence[UUID]) -> Sequence[UserGrant]:
        """The grants of these users, expired ones too."""
        return await self.grants.all(self.grants.of_users(user_ids))

    async def grants_of_mapping(self, mapping_id: UUID) -> Sequence[UserGrant]:
        """What members of a directory's group hold by this mapping, by user."""
        return await self.grants.all(self.grants.of_mapping(mapping_id))

    async def page(
        self, wanted: UserFilter, page: PageRequest, weigh: Weigher[User]
    ) -> Slice[User]:
        """A page of users by address; `weigh` gives their sizes as shown."""
        statement = self.users.matching(wanted, self.clock.now())
        purpose = f"users:{wanted.role}:{wanted.court_id}:{wanted.is_active}:{wanted.text}"
        return await self.pager.cut(
            self.users, statement, BY_EMAIL, page, purpose=purpose, weigh=weigh
        )

    async def grants_changed_since(self, moment: datetime) -> Sequence[User]:
        """Users whose older tokens are refused since then."""
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
        stored = [
            await self._store_grant(user, given.grant, given.expires_at) for given in new.grants
        ]
        require_room(stored)
        return user

    def rename(self, user: User, name: str, *, expected_version: ExpectedVersion) -> None:
        """Change the name of a locked user. Raises PreconditionFailed."""
        check_version(expected_version, user.version)
        user.name = name
        self._mark_updated(user)
        self.audit.record(Event(Action.USER_UPDATE, subject_id=user.id))

    async def set_email(self, user: User, email: str, event: Event) -> None:
        """Change the address of a locked user to a normalised one. Raises EmailTaken, or the
        unit of work does when another user gets it at the same time.
        """
        other = await self.by_email(email)
        if other is not None and other.id != user.id:
            raise EmailTaken
        user.email = email
        self._mark_updated(user)
        self.audit.record(event)

    def set_password_hash(self, user: User, password_hash: str, event: Event | None = None) -> None:
        """Set a locked user's password; `event` records it, by default as a change."""
        user.password_hash = password_hash
        user.password_changed_at = self.clock.now()
        self._mark_updated(user)
        self.audit.record(event or Event(Action.PASSWORD_CHANGE, subject_id=user.id))

    async def hash_samples(self) -> Sequence[str]:
        """A stored hash of each kind that accounts have."""
        return await self.users.hash_samples()

    async def note_mail_queued(self, user_id: UUID) -> None:
        """Note that a letter to a user is queued."""
        await self.users.note_mail_queued(user_id, self.clock.now())

    def set_active(self, user: User, *, active: bool) -> None:
        user.is_active = active
        self._mark_updated(user)
        action = Action.USER_ACTIVATE if active else Action.USER_DEACTIVATE
        self.audit.record(Event(action, subject_id=user.id))

    async def add_grant(
        self,
        user: User,
        grant: Grant,
        expires_at: datetime | None = None,
        *,
        mapping_id: UUID | None = None,
    ) -> UserGrant:
        """Grant a locked user a role; tokens without it are refused from now on.

        Raises ValidationFailed when a user may not have so many grants or courts.
        """
        stored = await self._store_grant(user, grant, expires_at, mapping_id)
        require_room(await self.grants_in_force(user.id))
        self._refuse_older_tokens(user)
        return stored

    async def remove_grant(self, user: User, grant: UserGrant) -> None:
        """Remove a grant of a locked user; tokens with it are refused from now on."""
        details = compact([grant])[0].to_claim() | {"grant_id": str(grant.id)}
        await self.grants.delete(grant)
        self._refuse_older_tokens(user)
        self.audit.record(Event(Action.GRANT_REMOVE, subject_id=user.id, details=details))

    async def _store_grant(
        self,
        user: User,
        grant: Grant,
        expires_at: datetime | None,
        mapping_id: UUID | None = None,
    ) -> UserGrant:
        row = UserGrant(
            user_id=user.id,
            role=grant.role,
            court_ids=None if grant.courts is None else sorted(grant.courts),
            expires_at=expires_at,
            mapping_id=mapping_id,
            created_at=self.clock.now(),
            created_by=self.audit.origin.actor_id,
        )
        await self.grants.add(row)
        details = grant.to_claim() | {"grant_id": str(row.id)}
        if expires_at is not None:
            details["expires_at"] = expires_at.isoformat()
        if mapping_id is not None:
            details["mapping_id"] = str(mapping_id)
        self.audit.record(Event(Action.GRANT_ADD, subject_id=user.id, details=details))
        return row

    def _refuse_older_tokens(self, user: User) -> None:
        user.token_version += 1
        user.tokens_valid_from = self.clock.now()
        self._mark_updated(user)
        self.revocations.grants_changed(user.id, user.token_version, user.tokens_valid_from)

    def _mark_updated(self, user: User) -> None:
        user.updated_at = self.clock.now()
        user.version += 1
