"""Puts letters into the transaction that causes them: both are committed or neither is."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from procrastinate import App
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.mail.letters import Cause, LetterKind, Order
from auth_service.source import Source
from common import context
from common.clock import Clock
from common.database import driver_connection

QUEUE: Final = "mail"
TASK: Final = "mail:deliver"


@dataclass(frozen=True, slots=True)
class Outbox:
    """Letters of one unit of work. A token is made by the job alone: none is ever queued."""

    session: AsyncSession
    jobs: App
    clock: Clock
    source: Source

    async def invite(self, user_id: UUID) -> None:
        """Mail a link for the first password."""
        await self._put(Order(LetterKind.INVITATION, self._cause(), user_id=user_id))

    async def reset(self, user_id: UUID) -> None:
        """Mail a link for a new password."""
        await self._put(Order(LetterKind.RESET, self._cause(), user_id=user_id))

    async def forgot(self, email: str) -> None:
        """Mail a link for a new password to the user with this address, if there is one."""
        await self._put(Order(LetterKind.RESET, self._cause(), email=email))

    async def password_changed(self, user_id: UUID) -> None:
        """Tell a user that there is a new password."""
        await self._put(Order(LetterKind.PASSWORD_CHANGED, self._cause(), user_id=user_id))

    async def session_reused(self, user_id: UUID, device_name: str | None) -> None:
        """Tell a user that a spent refresh token came back, and that its session is over."""
        order = Order(
            LetterKind.SESSION_REUSED, self._cause(), user_id=user_id, device_name=device_name
        )
        await self._put(order)

    def _cause(self) -> Cause:
        return Cause(
            at=self.clock.now().isoformat(),
            ip=self.source.ip,
            user_agent=self.source.user_agent,
            request_id=context.request_id.get(),
            actor_id=str(self.source.actor_id) if self.source.actor_id else None,
        )

    async def _put(self, order: Order) -> None:
        connection = await driver_connection(self.session)
        job = self.jobs.configure_task(TASK, queue=QUEUE, connection=connection)
        await job.defer_async(**order.arguments())
