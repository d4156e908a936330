"""Accounts in directories that users are linked to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.tables import UTC_TIME, Table
from auth_service.users.models import User
from auth_service.users.service import UserService
from common.ids import uuid7
from common.repository import Repository

MAX_ISSUER: Final = 255
MAX_SUBJECT: Final = 255


class Identity(Table, table=True):
    """The account of a user in a directory: neither ever belongs to another one."""

    __tablename__ = "identities"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("user_id", "issuer"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    issuer: str = Field(max_length=MAX_ISSUER)
    subject: str = Field(max_length=MAX_SUBJECT)
    created_at: datetime = Field(sa_type=UTC_TIME)
    last_used_at: datetime = Field(sa_type=UTC_TIME)


@dataclass(frozen=True, slots=True)
class IdentityRepository(Repository[Identity]):
    model: ClassVar[type[Any]] = Identity

    def of_subject(self, issuer: str, subject: str) -> SelectOfScalar[Identity]:
        of_issuer = self.statement().where(col(Identity.issuer) == issuer)
        return of_issuer.where(col(Identity.subject) == subject)

    def of_user(self, user_id: UUID) -> SelectOfScalar[Identity]:
        return (
            self.statement().where(col(Identity.user_id) == user_id).order_by(col(Identity.issuer))
        )


@dataclass(frozen=True, slots=True)
class Identities:
    """Ends links; the caller has locked the user."""

    identities: IdentityRepository
    users: UserService
    audit: AuditLog

    async def unlink(self, user: User, identity: Identity) -> None:
        """Let another account of the directory be linked; what its groups gave ends, and with the
        next sign-in through a directory begins again.
        """
        for grant in await self.users.all_grants([user.id]):
            if grant.mapping_id is not None:
                await self.users.remove_grant(user, grant)
        await self.identities.delete(identity)
        details = {"identity_id": str(identity.id), "issuer": identity.issuer}
        self.audit.record(Event(Action.IDENTITY_UNLINK, subject_id=user.id, details=details))

    async def forget(self, user_id: UUID) -> None:
        """Remove every link; what directories gave has ended already."""
        for identity in await self.identities.all(self.identities.of_user(user_id)):
            await self.identities.delete(identity)

    async def unlink_since(self, user: User, moment: datetime) -> None:
        """End the links that were made since."""
        for identity in await self.identities.all(self.identities.of_user(user.id)):
            if identity.created_at >= moment:
                await self.unlink(user, identity)
