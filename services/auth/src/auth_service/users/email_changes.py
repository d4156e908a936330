"""Changes of addresses: requested, confirmed from the new address, undone from the old one.

The caller has locked the user's row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.token_text import TokenText
from auth_service.users.models import (
    EmailChange,
    EmailLink,
    EmailPurpose,
    MailState,
    User,
)
from auth_service.users.single_use import may_use
from common.clock import Clock
from common.ids import uuid7
from common.repository import Repository

LIFETIMES: Final = {
    EmailPurpose.CONFIRM: timedelta(hours=24),
    EmailPurpose.UNDO: timedelta(hours=72),
}
# A letter may be written again after a failure, and another follows the confirmation.
MAX_UNDO_LINKS: Final = 5


@dataclass(frozen=True, slots=True)
class EmailChangeRepository(Repository[EmailChange]):
    model: ClassVar[type[Any]] = EmailChange

    def of_users(self, user_ids: Collection[UUID]) -> SelectOfScalar[EmailChange]:
        """The oldest of each first."""
        of_users = self.statement().where(col(EmailChange.user_id).in_(user_ids))
        return of_users.order_by(col(EmailChange.id))

    def since_password(self, user_ids: Collection[UUID]) -> SelectOfScalar[EmailChange]:
        """Those that were begun with the password which the user has now."""
        of_users = self.of_users(user_ids).join(User, col(User.id) == col(EmailChange.user_id))
        changed_at = col(User.password_changed_at)
        return of_users.where(or_(changed_at.is_(None), changed_at <= col(EmailChange.created_at)))


@dataclass(frozen=True, slots=True)
class EmailLinkRepository(Repository[EmailLink]):
    model: ClassVar[type[Any]] = EmailLink

    def of_changes(
        self, change_ids: Collection[UUID], purpose: EmailPurpose
    ) -> SelectOfScalar[EmailLink]:
        """The newest first."""
        of_changes = self.statement().where(col(EmailLink.change_id).in_(change_ids))
        wanted = of_changes.where(col(EmailLink.purpose) == purpose)
        return wanted.order_by(col(EmailLink.id).desc())


@dataclass(frozen=True, slots=True)
class EmailChanges:
    changes: EmailChangeRepository
    links: EmailLinkRepository
    clock: Clock

    async def request(self, user: User, new_email: str) -> EmailChange:
        """A change that waits for its confirmation, in place of one that waited before."""
        await self._stop_waiting(user.id)
        return await self._add(user, new_email, mail_state=MailState.QUEUED)

    async def record(self, user: User, new_email: str) -> EmailChange:
        """A change that is made now, to be undone as others are; none waits any more."""
        await self._stop_waiting(user.id)
        return await self._add(user, new_email, confirmed_at=self.clock.now())

    async def find(self, change_id: UUID) -> EmailChange | None:
        return await self.changes.get(change_id)

    async def issue(self, change: EmailChange, purpose: EmailPurpose) -> TokenText:
        """A new link. Only the newest confirms; several undo."""
        keep = 0 if purpose is EmailPurpose.CONFIRM else MAX_UNDO_LINKS - 1
        await self._trim([change.id], purpose, keep)
        text, now = TokenText.generate(uuid7()), self.clock.now()
        link = EmailLink(
            id=text.token_id,
            change_id=change.id,
            purpose=purpose,
            secret_hash=text.secret_hash,
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
        await self.links.add(link)
        return text

    async def attempt(self, text: TokenText, purpose: EmailPurpose) -> UUID | None:
        """Whose change the link is about, when it is valid; a wrong secret is counted."""
        link = await self.links.get(text.token_id, lock=True)
        if link is None or link.purpose is not purpose:
            return None
        if not may_use(link, text.secret_hash, self.clock.now()):
            return None
        change = await self.changes.get(link.change_id)
        return change.user_id if change is not None else None

    async def confirm(self, text: TokenText) -> EmailChange | None:
        """Use up the link: the change is made now, and can be undone from now on as long."""
        change = await self._of_link(text, EmailPurpose.CONFIRM)
        if change is None or not await self.is_waiting(change):
            return None
        await self._trim([change.id], EmailPurpose.CONFIRM, 0)
        change.confirmed_at = self.clock.now()
        for link in await self.links.all(self.links.of_changes([change.id], EmailPurpose.UNDO)):
            link.expires_at = change.confirmed_at + LIFETIMES[EmailPurpose.UNDO]
        return change

    async def undo(self, text: TokenText) -> EmailChange | None:
        """Use up the link with its change, all later ones, and all that are not confirmed."""
        change = await self._of_link(text, EmailPurpose.UNDO)
        if change is None:
            return None
        for each in await self.changes.all(self.changes.of_users([change.user_id])):
            if each.id >= change.id or each.confirmed_at is None:
                await self.changes.delete(each)
        return change

    async def waiting(self, user_ids: Collection[UUID]) -> Mapping[UUID, EmailChange]:
        """The changes of these users that may still be confirmed, by user.

        Who begins one has the password or a session. A new password ends both, for a thief too.
        """
        since = self.clock.now() - LIFETIMES[EmailPurpose.CONFIRM]
        begun = self.changes.since_password(user_ids)
        found: Sequence[EmailChange] = await self.changes.all(begun)
        newest = {each.user_id: each for each in found}
        return {
            user_id: each
            for user_id, each in newest.items()
            if each.confirmed_at is None and each.created_at > since
        }

    async def is_waiting(self, change: EmailChange) -> bool:
        """Whether a change may still be confirmed: no other was begun, no password set since."""
        waiting = (await self.waiting([change.user_id])).get(change.user_id)
        return waiting is not None and waiting.id == change.id

    async def _of_link(self, text: TokenText, purpose: EmailPurpose) -> EmailChange | None:
        """The change of a link whose secret was right, unless it was used meanwhile."""
        link = await self.links.get(text.token_id, lock=True)
        if link is None or link.purpose is not purpose or link.expires_at <= self.clock.now():
            return None
        return await self.changes.get(link.change_id)

    async def _stop_waiting(self, user_id: UUID) -> None:
        """The letters to the old address stay valid: a request is undone by them, too."""
        found = await self.changes.all(self.changes.of_users([user_id]))
        await self._trim([each.id for each in found], EmailPurpose.CONFIRM, 0)

    async def _trim(self, change_ids: Collection[UUID], purpose: EmailPurpose, keep: int) -> None:
        for old in (await self.links.all(self.links.of_changes(change_ids, purpose)))[keep:]:
            await self.links.delete(old)

    async def _add(self, user: User, new_email: str, **state: Any) -> EmailChange:
        change = EmailChange(
            user_id=user.id,
            old_email=user.email,
            new_email=new_email,
            created_at=self.clock.now(),
            **state,
        )
        await self.changes.add(change)
        return change
