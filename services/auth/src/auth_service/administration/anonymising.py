"""Forgets who a deactivated user was; what the audit log and the registry recorded stays, by ID."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.administration.errors import UserActive
from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.factors.service import FactorService
from auth_service.fields import email_hash
from auth_service.limits.lockout import Lockout
from auth_service.mail.outbox import Outbox
from auth_service.sessions.service import SessionService
from auth_service.tables import METADATA
from auth_service.users.administrators import Administrators
from auth_service.users.identities import Identities
from auth_service.users.models import User
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService
from common.errors import NotFound

NEUTRAL_NAME: Final = "Former user"
# Reserved (RFC 6761), so that no mail can ever be sent there.
NEUTRAL_DOMAIN: Final = "anonymised.invalid"


@dataclass(frozen=True, slots=True)
class Anonymising:
    session: AsyncSession
    users: UserService
    administrators: Administrators
    sessions: SessionService
    factors: FactorService
    password_tokens: PasswordTokens
    lockout: Lockout
    identities: Identities
    outbox: Outbox
    audit: AuditLog

    async def anonymise(self, user_id: UUID, by: UUID) -> None:
        """Forget a deactivated user, once. Raises NotFound, UserActive."""
        await self._forget_inactive(await self.administrators.lock_user(user_id, by))

    async def anonymise_by_email(self, email: str) -> None:
        """The same for the command line. Raises NotFound, UserActive."""
        await self.administrators.lock()
        seen = await self.users.by_email(email)
        user = await self.users.lock(seen.id) if seen is not None else None
        if user is None:
            raise NotFound
        await self._forget_inactive(user)

    async def forget(self, user: User) -> None:
        """Remove everything personal about a locked user, but for the audit log."""
        await self.outbox.forget(user.id, user.email)
        await self.lockout.clear(email_hash(user.email), Lockout.change_counter(user.id))
        await self.password_tokens.discard(user.id)
        await self.factors.forget(user.id)
        await self.sessions.forget_devices(user.id)
        for grant in await self.users.all_grants([user.id]):
            await self.users.remove_grant(user, grant)
        await self.identities.forget(user.id)
        await self._forget_rows(user.id)
        self.users.anonymise(user, NEUTRAL_NAME, f"{user.id}@{NEUTRAL_DOMAIN}")
        self.audit.record(Event(Action.USER_ANONYMISE, subject_id=user.id))

    async def _forget_inactive(self, user: User) -> None:
        if user.is_active:
            raise UserActive
        if user.anonymised_at is None:
            await self.forget(user)

    async def _forget_rows(self, user_id: UUID) -> None:
        """Addresses, and stored answers, as to the invitation."""
        answers, changes = METADATA.tables["idempotency_keys"], METADATA.tables["email_changes"]
        about_user = answers.c.body["id"].astext == str(user_id)
        connection = await self.session.connection()
        await connection.execute(delete(answers).where(about_user))
        await connection.execute(delete(changes).where(changes.c.user_id == user_id))
