"""The user of a directory's account, and the grants of the directory's groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.mail.outbox import Outbox
from auth_service.oidc.errors import AccountRefused
from auth_service.oidc.facts import Facts
from auth_service.oidc.models import GroupMapping
from auth_service.oidc.repository import MappingRepository
from auth_service.oidc.settings import Provider
from auth_service.users.grants import require_room
from auth_service.users.identities import Identity, IdentityRepository
from auth_service.users.models import User, UserGrant
from auth_service.users.service import UserService
from common.errors import ValidationFailed
from common.identity import Grant


@dataclass(frozen=True, slots=True)
class DirectoryAccounts:
    """The first sign-in links by a verified address; from then on the subject alone counts."""

    users: UserService
    identities: IdentityRepository
    mappings: MappingRepository
    audit: AuditLog
    outbox: Outbox

    async def sign_in(self, provider: Provider, facts: Facts) -> Identity:
        """The account, its user locked and given what the groups give. Raises AccountRefused."""
        user_id = await self._user_of(provider, facts)
        user = await self.users.lock(user_id)
        if user is None or not user.is_active:
            raise AccountRefused("inactive", user_id)
        identity = await self._linked(provider, facts, user)
        identity.last_used_at = self.users.clock.now()
        await self._follow_groups(provider, facts, user)
        return identity

    async def _user_of(self, provider: Provider, facts: Facts) -> UUID:
        known = await self._known(provider, facts)
        if known is not None:
            return known.user_id
        if facts.email is None:
            raise AccountRefused("email-unverified")
        if facts.email.rpartition("@")[2] not in provider.email_domains:
            raise AccountRefused("email-domain")
        user = await self.users.by_email(facts.email)
        if user is None:
            raise AccountRefused("unknown-account")
        return user.id

    async def _linked(self, provider: Provider, facts: Facts, user: User) -> Identity:
        """Under the user's lock: another sign-in may have linked meanwhile."""
        known = await self._known(provider, facts)
        if known is not None and known.user_id == user.id:
            return known
        own = await self.identities.all(self.identities.of_user(user.id))
        if known is not None or any(each.issuer == provider.issuer for each in own):
            # The address has passed to another person, or the person to another address.
            raise AccountRefused("other-subject", user.id)
        if user.email != facts.email:
            raise AccountRefused("email-changed", user.id)
        now = self.users.clock.now()
        identity = Identity(
            user_id=user.id,
            issuer=provider.issuer,
            subject=facts.subject,
            created_at=now,
            last_used_at=now,
        )
        await self.identities.add(identity)
        details = {"provider": provider.id, "identity_id": str(identity.id)}
        self.audit.record(Event(Action.IDENTITY_LINK, subject_id=user.id, details=details))
        await self.outbox.identity_linked(user.id, provider.label)
        return identity

    async def _known(self, provider: Provider, facts: Facts) -> Identity | None:
        of_subject = self.identities.of_subject(provider.issuer, facts.subject)
        return await self.identities.first(of_subject)

    async def _follow_groups(self, provider: Provider, facts: Facts, user: User) -> None:
        """Give what the user's groups give now, end what they no longer give."""
        issuer = provider.issuer
        of_issuer = {each.id for each in await self.mappings.all(self.mappings.of_issuer(issuer))}
        found = await self.mappings.all(self.mappings.of_groups(issuer, facts.groups))
        # No user gives themselves a role, also not by a group.
        wanted = {each.id: each for each in found if each.created_by != user.id}
        held = await self.users.all_grants([user.id])
        for grant in held:
            if grant.mapping_id in of_issuer and grant.mapping_id not in wanted:
                await self.users.remove_grant(user, grant)
        has = {grant.mapping_id for grant in held}
        await self._give(user, [each for each in wanted.values() if each.id not in has])

    async def _give(self, user: User, mappings: Sequence[GroupMapping]) -> None:
        for mapping in mappings:
            courts = None if mapping.court_ids is None else frozenset(mapping.court_ids)
            grant = Grant(mapping.role, courts)
            if await self._has_room(user, mapping):
                await self.users.add_grant(user, grant, mapping_id=mapping.id)
            else:
                # The rest still works; administrators find it in the log.
                self.audit.record(
                    Event(
                        Action.GRANT_ADD,
                        EventOutcome.DENIED,
                        reason="no-room",
                        subject_id=user.id,
                        details={"mapping_id": str(mapping.id)},
                    )
                )

    async def _has_room(self, user: User, mapping: GroupMapping) -> bool:
        more = UserGrant(
            user_id=user.id,
            role=mapping.role,
            court_ids=mapping.court_ids,
            created_at=self.users.clock.now(),
        )
        try:
            require_room([*await self.users.grants_not_over([user.id]), more])
        except ValidationFailed:
            return False
        return True
