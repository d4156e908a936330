"""Queues letters in the transaction that causes them: both are committed or neither is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from procrastinate import App
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.mail.letters import Cause, LetterKind, Order
from auth_service.units import RequestOrigin
from auth_service.users.service import UserService
from common import context
from common.clock import Clock
from common.database import driver_connection

QUEUE: Final = "mail"
TASK: Final = "mail:deliver"
FORGET: Final = text("""
DELETE FROM procrastinate_jobs WHERE queue_name = 'mail' AND status IN ('todo', 'failed')
  AND (args ->> 'user_id' = :user_id OR args ->> 'email' = :email)
""")


@dataclass(frozen=True, slots=True)
class Outbox:
    """Queues letters. Only the job makes the token of a link: none is ever queued."""

    session: AsyncSession
    jobs: App
    users: UserService
    clock: Clock
    origin: RequestOrigin

    async def invite(self, user_id: UUID) -> None:
        await self._put(LetterKind.INVITATION, user_id=user_id)

    async def reset(self, user_id: UUID) -> None:
        await self._put(LetterKind.RESET, user_id=user_id)

    async def forgot(self, email: str) -> None:
        """Mail a link for a new password to the user with this address, if there is one."""
        await self._put(LetterKind.RESET, email=email)

    async def locked(self, email: str) -> None:
        """Notify the user with this address, if there is one, that the password is locked."""
        await self._put(LetterKind.LOCKED, email=email)

    async def password_changed(self, user_id: UUID) -> None:
        await self._put(LetterKind.PASSWORD_CHANGED, user_id=user_id)

    async def session_reused(self, user_id: UUID) -> None:
        """Notify a user that a refresh token was reused, and that its session has ended."""
        await self._put(LetterKind.SESSION_REUSED, user_id=user_id)

    async def new_device(self, user_id: UUID) -> None:
        """Notify a user of a sign-in from a device that was not known."""
        await self._put(LetterKind.NEW_DEVICE, user_id=user_id)

    async def identity_linked(self, user_id: UUID, directory: str) -> None:
        """Notify a user that an account in a directory was linked; `directory` is its label."""
        await self._put(LetterKind.IDENTITY_LINKED, user_id=user_id, directory=directory)

    async def dormant(self, user_id: UUID, at: datetime) -> None:
        """Warn a user that the account will be deactivated then."""
        await self._put(LetterKind.DORMANT, user_id=user_id, due_at=at.isoformat())

    async def forget(self, user_id: UUID, email: str) -> None:
        """Delete letters that wait or could not be sent: they name the user and devices."""
        connection = await self.session.connection()
        await connection.execute(FORGET, {"user_id": str(user_id), "email": email})

    async def about_factor(self, kind: LetterKind, user_id: UUID) -> None:
        """Notify a user that a second factor was added, used or removed."""
        await self._put(kind, user_id=user_id)

    async def about_email(self, kind: LetterKind, user_id: UUID, change_id: UUID) -> None:
        """Write about a change of an address: to the new one to confirm it, else to the old."""
        await self._put(kind, user_id=user_id, change_id=change_id)

    async def email_adopted(self, user_id: UUID) -> None:
        """Notify a user at the address that an administrator has given the account."""
        await self._put(LetterKind.EMAIL_ADOPTED, user_id=user_id)

    async def code_issued(self, user_id: UUID) -> None:
        await self._put(LetterKind.CODE_ISSUED, user_id=user_id)

    async def _put(self, kind: LetterKind, **addressee: Any) -> None:
        cause = Cause(
            at=self.clock.now().isoformat(),
            ip=self.origin.ip,
            user_agent=self.origin.user_agent,
            request_id=context.request_id.get(),
            actor_id=str(self.origin.actor_id) if self.origin.actor_id else None,
        )
        # Of an address nothing is looked up here: the job does it.
        user_id = addressee.get("user_id")
        if user_id is not None and kind is not LetterKind.EMAIL_CONFIRM:
            await self.users.note_mail_queued(user_id)
        connection = await driver_connection(self.session)
        job = self.jobs.configure_task(TASK, queue=QUEUE, connection=connection)
        await job.defer_async(**Order(kind, cause, **addressee).arguments())
