"""Users and their grants within one unit of work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.fields import normal_email
from auth_service.revocations.rules import PendingRevocations
from auth_service.users.grants import CurrentGrants, compact, require_room
from auth_service.users.models import (
    MAX_MAIL_REASON,
    EmailChange,
    MailState,
    User,
    UserFilter,
    UserGrant,
)
from auth_service.users.repository import GrantRepository, GroupRepository, UserRepository
from common.clock import Clock
from common.errors import Conflict, FieldError, ValidationFailed
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
    """A grant to give; with `group_id` at the courts of that group."""

    grant: Grant
    expires_at: datetime | None = None
    begins_at: datetime | None = None
    group_id: UUID | None = None
    mapping_id: UUID | None = None


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
    groups: GroupRepository
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

    async def lock_all(self, user_ids: Collection[UUID]) -> Sequence[User]:
        """These users, locked in one order, so that no two units wait for each other."""
        locked = self.users.with_ids(user_ids).with_for_update()
        return await self.users.all(locked.execution_options(populate_existing=True))

    async def named(self, user_ids: Collection[UUID]) -> Sequence[User]:
        """The users with these IDs; unknown ones are left out."""
        return await self.users.all(self.users.with_ids(user_ids))

    async def grants_in_force(self, user_id: UUID) -> Sequence[UserGrant]:
        return (await self.current_grants(user_id)).in_force

    async def current_grants(self, user_id: UUID) -> CurrentGrants:
        """The grants in force, and when they will next be others."""
        return CurrentGrants.of(await self.grants_not_over([user_id]), self.clock.now())

    async def grants_not_over(self, user_ids: Sequence[UUID]) -> Sequence[UserGrant]:
        """The grants of these users that are in force or will be."""
        return await self.grants.all(self.grants.not_over(user_ids, self.clock.now()))

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
        self,
        wanted: UserFilter,
        page: PageRequest,
        weigh: Weigher[User],
        is_locked: ColumnElement[bool],
    ) -> Slice[User]:
        """A page of users by address; `weigh` gives their sizes as shown."""
        statement = self.users.matching(wanted, self.clock.now(), is_locked)
        state = f"{wanted.is_active}:{wanted.is_locked}"
        purpose = f"users:{wanted.role}:{wanted.court_id}:{state}:{wanted.text}"
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
            active_changed_at=now,
            created_at=now,
            updated_at=now,
        )
        await self.users.add(user)
        self.audit.record(Event(Action.USER_CREATE, subject_id=user.id))
        stored = [await self._store_grant(user, given) for given in new.grants]
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

    def set_active(self, user: User, *, active: bool, reason: str | None = None) -> None:
        """Activate or deactivate a locked user; `reason` when no administrator does."""
        user.is_active, user.active_changed_at = active, self.clock.now()
        user.dormant_at = None
        self._mark_updated(user)
        action = Action.USER_ACTIVATE if active else Action.USER_DEACTIVATE
        self.audit.record(Event(action, reason=reason, subject_id=user.id))

    def anonymise(self, user: User, name: str, email: str) -> None:
        """Replace what says who a locked user was."""
        user.name, user.email = name, email
        user.password_hash = user.password_changed_at = None
        user.mail_state = user.mail_reason = user.mail_at = None
        user.factor_due_at = user.last_signed_in_at = None
        user.anonymised_at = self.clock.now()
        self._mark_updated(user)

    async def add_grant(
        self,
        user: User,
        grant: Grant,
        expires_at: datetime | None = None,
        *,
        mapping_id: UUID | None = None,
    ) -> UserGrant:
        """Grant a locked user a role, at once."""
        return await self.give(user, TimedGrant(grant, expires_at, mapping_id=mapping_id))

    async def give(self, user: User, given: TimedGrant) -> UserGrant:
        """Grant a locked user a role; tokens without it are refused from now on.

        Raises ValidationFailed when there is no such group, or when a user may not have so many
        grants or courts.
        """
        stored = await self._store_grant(user, given)
        require_room(await self.grants_not_over([user.id]))
        self.refuse_older_tokens(user)
        return stored

    async def change_end(self, user: User, grant: UserGrant, expires_at: datetime | None) -> None:
        """Change until when a locked user has a grant; older tokens are refused from now on."""
        before, grant.expires_at = grant.expires_at, expires_at
        grant.version += 1
        self.refuse_older_tokens(user)
        ends = {"before": _text(before), "expires_at": _text(expires_at)}
        details = {"role": grant.role.value, "grant_id": str(grant.id)} | ends
        self.audit.record(Event(Action.GRANT_CHANGE, subject_id=user.id, details=details))

    async def remove_grant(self, user: User, grant: UserGrant) -> None:
        """Remove a grant of a locked user; tokens with it are refused from now on."""
        details = compact([grant])[0].to_claim() | {"grant_id": str(grant.id)}
        await self.grants.delete(grant)
        self.refuse_older_tokens(user)
        self.audit.record(Event(Action.GRANT_REMOVE, subject_id=user.id, details=details))

    def refuse_older_tokens(self, user: User) -> None:
        """Refuse a locked user's tokens from before: what they allow has changed."""
        user.token_version += 1
        user.tokens_valid_from = self.clock.now()
        self._mark_updated(user)
        self.revocations.grants_changed(user.id, user.token_version, user.tokens_valid_from)

    async def _store_grant(self, user: User, given: TimedGrant) -> UserGrant:
        grant = await self._at_courts_of_group(given)
        row = UserGrant(
            user_id=user.id,
            role=grant.role,
            court_ids=None if grant.courts is None else sorted(grant.courts),
            begins_at=given.begins_at,
            expires_at=given.expires_at,
            group_id=given.group_id,
            mapping_id=given.mapping_id,
            created_at=self.clock.now(),
            created_by=self.audit.origin.actor_id,
        )
        await self.grants.add(row)
        names = {
            "grant_id": row.id,
            "group_id": given.group_id,
            "mapping_id": given.mapping_id,
        }
        times = {"begins_at": given.begins_at, "expires_at": given.expires_at}
        details = {name: str(value) for name, value in names.items() if value is not None}
        details |= {name: at.isoformat() for name, at in times.items() if at is not None}
        event = Event(Action.GRANT_ADD, subject_id=user.id, details=grant.to_claim() | details)
        self.audit.record(event)
        return row

    async def _at_courts_of_group(self, given: TimedGrant) -> Grant:
        if given.group_id is None:
            return given.grant
        group = await self.groups.get(given.group_id, share_lock=True)
        if group is None:
            raise ValidationFailed(
                errors=(FieldError("group_id", "group-unknown", "is no group of courts"),)
            )
        return Grant(given.grant.role, frozenset(group.court_ids))

    def _mark_updated(self, user: User) -> None:
        user.updated_at = self.clock.now()
        user.version += 1


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
