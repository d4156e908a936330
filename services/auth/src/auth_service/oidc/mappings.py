"""What administrators decide about directories: what groups give, and whose accounts are linked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import col

from auth_service.administration.service import Administration
from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.factors.challenges import Challenges
from auth_service.oidc.errors import MappingExists
from auth_service.oidc.models import GroupMapping
from auth_service.oidc.repository import MappingRepository
from auth_service.oidc.service import Directories
from auth_service.sessions.models import EndReason
from auth_service.sessions.service import SessionService
from auth_service.users.identities import Identities, Identity
from auth_service.users.service import UserService
from common.clock import Clock
from common.errors import FieldError, NotFound, ValidationFailed
from common.identity import Grant
from common.keyset import Order, Pager, Slice, SortKey, read_id
from common.pages import PageRequest

OLDEST: Final[Order[GroupMapping]] = Order(
    "id", (SortKey(col(GroupMapping.id), lambda row: row.id, read_id),), large=True
)


@dataclass(frozen=True, slots=True)
class NewMapping:
    """A group of a directory, which is named as in the settings, and what its members may do."""

    provider: str
    group: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class DirectoryAdministration:
    """Changes by the administrator `by`, in the order of all administrative changes."""

    administration: Administration
    directories: Directories
    mappings: MappingRepository
    identities: Identities
    users: UserService
    sessions: SessionService
    challenges: Challenges
    audit: AuditLog
    clock: Clock
    pager: Pager

    async def page(self, page: PageRequest) -> Slice[GroupMapping]:
        """A page of mappings, the oldest first."""
        every = self.mappings.statement()
        return await self.pager.cut(self.mappings, every, OLDEST, page, purpose="group-mappings")

    async def mapping(self, mapping_id: UUID) -> GroupMapping:
        """A mapping. Raises NotFound."""
        mapping = await self.mappings.get(mapping_id)
        if mapping is None:
            raise NotFound
        return mapping

    async def add(self, new: NewMapping, by: UUID) -> GroupMapping:
        """A new mapping; its author gets nothing by it. Raises ValidationFailed, MappingExists."""
        await self.administration.administrators.require(by)
        issuer, grant = self._issuer(new.provider), new.grant
        same = self.mappings.of_groups(issuer, [new.group])
        same = same.where(col(GroupMapping.role) == grant.role)
        if await self.mappings.first(same) is not None:
            raise MappingExists
        mapping = GroupMapping(
            issuer=issuer,
            group_name=new.group,
            role=grant.role,
            court_ids=None if grant.courts is None else sorted(grant.courts),
            created_at=self.clock.now(),
            created_by=by,
        )
        await self.mappings.add(mapping)
        self._record(Action.GROUP_MAPPING_ADD, mapping)
        return mapping

    async def remove(self, mapping_id: UUID, by: UUID) -> None:
        """Remove a mapping and every grant that it has given. Raises NotFound."""
        await self.administration.administrators.require(by)
        mapping = await self.mapping(mapping_id)
        for grant in await self.users.grants_of_mapping(mapping.id):
            user = await self.users.lock(grant.user_id)
            if user is not None:
                await self.users.remove_grant(user, grant)
        await self.mappings.delete(mapping)
        self._record(Action.GROUP_MAPPING_REMOVE, mapping)

    async def identities_of(self, user_id: UUID) -> Sequence[Identity]:
        """The linked accounts of a user. Raises NotFound."""
        user = await self.administration.user(user_id)
        identities = self.identities.identities
        return await identities.all(identities.of_user(user.id))

    async def unlink(self, user_id: UUID, identity_id: UUID, by: UUID) -> None:
        """Let another account of the directory be linked: every session ends, and what the
        directory's groups gave. Raises NotFound.
        """
        await self.administration.administrators.require(by)
        user = await self.users.lock(user_id)
        identity = await self.identities.identities.get(identity_id, lock=True)
        if user is None or identity is None or identity.user_id != user.id:
            raise NotFound
        await self.identities.unlink(user, identity)
        await self.challenges.discard(user.id)
        await self.sessions.end_all(user.id, EndReason.ADMINISTRATOR)

    def provider_of(self, issuer: str) -> str | None:
        """The directory's name in the settings, if it is still there."""
        named = {each.provider.issuer: each.provider.id for each in self.directories.all}
        return named.get(issuer)

    def _issuer(self, provider: str) -> str:
        try:
            return self.directories.named(provider).provider.issuer
        except NotFound as error:
            fault = FieldError("provider", "provider-unknown", "there is no such directory")
            raise ValidationFailed(errors=(fault,)) from error

    def _record(self, action: Action, mapping: GroupMapping) -> None:
        courts = None if mapping.court_ids is None else frozenset(mapping.court_ids)
        details = Grant(mapping.role, courts).to_claim() | {
            "mapping_id": str(mapping.id),
            "issuer": mapping.issuer,
            "group": mapping.group_name,
        }
        self.audit.record(Event(action, details=details))
