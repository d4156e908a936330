"""Spellings that nobody knows yet, and the decisions about them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Final
from uuid import UUID

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.errors import Conflict, DomainError, NotFound
from common.ids import uuid7
from common.pages import PageRequest
from core_service.access.actors import Actor
from core_service.aliases.models import Alias, AliasKind, AliasState
from core_service.aliases.repository import AliasRepository
from core_service.keyset import Order, Pager, Slice, SortKey, read_id
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseType,
    Court,
    Judge,
    Outcome,
)
from core_service.reference.spelling import normal_spelling
from core_service.stamps import first_stamp, touch
from core_service.tables import Record

TARGETS: Final[Mapping[AliasKind, type[Record]]] = {
    AliasKind.COURT: Court,
    AliasKind.JUDGE: Judge,
    AliasKind.CASE_TYPE: CaseType,
    AliasKind.OUTCOME: Outcome,
    AliasKind.ACTIVITY_TYPE: ActivityType,
    AliasKind.REASON: AdjournmentReason,
}
_ID: Final[SortKey[Alias]] = SortKey(col(Alias.id), lambda alias: alias.id, read_id)
BY_ID: Final[Order[Alias]] = Order("id", (_ID,))

# Called in the transaction of the decision, with the alias as decided and whoever decided.
AliasDecided = Callable[[AsyncSession, Alias, Actor], Awaitable[None]]


class AliasNotFound(NotFound):
    """There is no such alias."""

    code: ClassVar[str] = "alias-not-found"
    title: ClassVar[str] = "There is no such alias"


class AliasDecidedAlready(Conflict):
    """Somebody has decided about the alias before, in another way."""

    code: ClassVar[str] = "alias-decided"
    title: ClassVar[str] = "This alias is decided already"


class AliasTargetUnknown(DomainError):
    """The target is no row of the kind that the alias is of."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "alias-target-unknown"
    title: ClassVar[str] = "The target is nothing that this alias can mean"


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """Where a spelling was first met."""

    batch_id: UUID | None = None
    row_no: int | None = None


@dataclass(frozen=True, slots=True)
class AliasService:
    """Notes unknown spellings and takes decisions about them."""

    aliases: AliasRepository
    pager: Pager
    clock: Clock
    decided: AliasDecided

    async def note(self, kind: AliasKind, raw: str, seen: FirstSeen, by: Actor) -> Alias:
        """The alias for a spelling; a new one is pending. Safe against others noting it too."""
        spelled = self.aliases.spelled(kind, normal_spelling(raw))
        found = await self.aliases.first(spelled)
        if found is not None:
            return found
        await self.aliases.insert_if_new(self._pending(kind, raw, seen, by))
        return (await self.aliases.session.exec(spelled)).one()

    async def page(
        self, kind: AliasKind | None, state: AliasState | None, page: PageRequest
    ) -> Slice[Alias]:
        """One page of the aliases, the oldest first."""
        statement = self.aliases.listed(kind, state)
        purpose = f"aliases\x00{kind}\x00{state}"
        return await self.pager.cut(self.aliases, statement, BY_ID, page, purpose=purpose)

    async def accept(self, alias_id: UUID, target_id: UUID, by: Actor) -> Alias:
        """Decide what a spelling means. The same decision again changes nothing.

        Raises AliasNotFound, AliasDecidedAlready, AliasTargetUnknown.
        """
        alias = await self._lock(alias_id)
        if alias.state == AliasState.ACCEPTED and alias.target_id == target_id:
            return alias
        if alias.state == AliasState.ACCEPTED:
            raise AliasDecidedAlready
        if await self.aliases.session.get(TARGETS[alias.kind], target_id) is None:
            raise AliasTargetUnknown
        return await self._decide(alias, AliasState.ACCEPTED, target_id, by)

    async def reject(self, alias_id: UUID, by: Actor) -> Alias:
        """Decide that a spelling means nothing: its rows are rejected. A rejection can be undone by
        accepting; an acceptance has been acted on and cannot.
        """
        alias = await self._lock(alias_id)
        if alias.state == AliasState.REJECTED:
            return alias
        if alias.state == AliasState.ACCEPTED:
            raise AliasDecidedAlready
        return await self._decide(alias, AliasState.REJECTED, None, by)

    async def _decide(
        self, alias: Alias, state: AliasState, target_id: UUID | None, by: Actor
    ) -> Alias:
        now = self.clock.now()
        alias.state, alias.target_id = state, target_id
        alias.decided_at, alias.decided_by = now, by.user_id
        touch(alias, by, now)
        await self.aliases.session.flush()
        await self.decided(self.aliases.session, alias, by)
        return alias

    async def _lock(self, alias_id: UUID) -> Alias:
        alias = (await self.aliases.session.exec(self.aliases.locked(alias_id))).first()
        if alias is None:
            raise AliasNotFound
        return alias

    def _pending(self, kind: AliasKind, raw: str, seen: FirstSeen, by: Actor) -> dict[str, object]:
        return {
            "id": uuid7(),
            **first_stamp(by, self.clock.now()),
            "version": 1,
            "kind": kind,
            "spelling": normal_spelling(raw),
            "raw": raw,
            "state": AliasState.PENDING,
            "first_seen_batch_id": seen.batch_id,
            "first_seen_row_no": seen.row_no,
        }
