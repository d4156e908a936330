"""Spellings found in returns, and the decisions about them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.identity import Principal
from common.ids import uuid7
from common.keyset import Order, Pager, Slice, SortKey, read_id
from common.pages import PageRequest
from core_service.access.actors import Actor, creation_columns, mark_updated
from core_service.access.courts import EVERYWHERE
from core_service.aliases.errors import (
    AliasDecidedAlready,
    AliasNotFound,
    AliasOfAllCourts,
    AliasTargetUnknown,
)
from core_service.aliases.models import Alias, AliasKind, AliasState, CourtAlias, Key
from core_service.aliases.reading import AliasReading, ReadAlias
from core_service.aliases.repository import AliasRepository, NumberedAliases
from core_service.jobs import JobQueue
from core_service.reference.errors import UnknownReference
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseType,
    Court,
    Judge,
    Outcome,
)
from core_service.reference.service import ReferenceService
from core_service.reference.spelling import normal_spelling
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


class AliasSort(StrEnum):
    """The order of the list: the oldest first, or what most rows wait for."""

    ID = "id"
    WAITING = "waiting"


# What single courts decided, by alias and court.
CourtStates = Mapping[tuple[UUID, UUID | None], AliasState]


@dataclass(frozen=True, slots=True)
class RowRelease:
    """Queues `task`, which processes the rows that waited for a decision."""

    jobs: JobQueue
    task: str

    async def queue(self, session: AsyncSession, alias: Alias, by: Actor) -> None:
        """Queue it in the transaction of the decision."""
        await self.jobs.defer(session, self.task, alias_id=str(alias.id), by=by.plain())


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """The row in which a spelling was first found."""

    batch_id: UUID | None = None
    row_no: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The meaning of a spelling for one court or for all; without a target it has none."""

    alias_id: UUID
    target_id: UUID | None = None
    court_id: UUID | None = None

    @property
    def state(self) -> AliasState:
        return AliasState.REJECTED if self.target_id is None else AliasState.ACCEPTED


@dataclass(frozen=True, slots=True)
class AliasService:
    """Records unknown spellings and decides about them."""

    aliases: AliasRepository
    reading: AliasReading
    pager: Pager
    clock: Clock
    release: RowRelease
    reference: ReferenceService

    async def note(self, kind: AliasKind, raw: str, seen: FirstSeen, by: Actor) -> Alias:
        """The alias for a spelling; a new one is pending. Safe under concurrency."""
        spelled = self.aliases.spelled(kind, normal_spelling(raw))
        found = await self.aliases.first(spelled)
        if found is not None:
            return found
        await self.aliases.insert_if_new(self._pending(kind, raw, seen, by))
        return (await self.aliases.session.exec(spelled)).one()

    async def add_accepted(
        self, kind: AliasKind, raw: str, target_id: UUID, by: Actor
    ) -> UUID | None:
        """Add a spelling whose meaning is known; None when it is there already."""
        now = self.clock.now()
        decided = {"decided_at": now, "decided_by": by.user_id, "target_id": target_id}
        values = self._pending(kind, raw, FirstSeen(), by) | decided
        return await self.aliases.insert_if_new(values | {"state": AliasState.ACCEPTED})

    async def drop_unless_used(self, alias_id: UUID) -> None:
        """Delete a spelling, unless a court has decided about it."""
        alias = await self.aliases.first(self.aliases.locked(alias_id))
        if alias is not None and not await self.states_at_courts([alias_id]):
            await self.aliases.session.delete(alias)
            await self.aliases.session.flush()

    async def known(self, keys: Iterable[Key]) -> dict[Key, UUID]:
        """The existing aliases of these kinds and spellings."""
        return await self.aliases.known(keys)

    async def states_at_courts(self, alias_ids: Collection[UUID]) -> CourtStates:
        """What courts decided about these spellings for themselves, as it is now."""
        found = await self.aliases.of_courts(alias_ids, EVERYWHERE)
        return {
            (alias_id, of_court.court_id): of_court.state
            for alias_id, decisions in found.items()
            for of_court in decisions
        }

    async def page(
        self,
        kind: AliasKind | None,
        state: AliasState | None,
        sort: AliasSort,
        principal: Principal,
        page: PageRequest,
    ) -> Slice[Alias]:
        """One page of the aliases that the caller may read."""
        statement = self.aliases.listed(kind, state).where(self.reading.readable(principal))
        purpose = f"aliases\x00{kind}\x00{state}\x00{principal.user_id}"
        if sort is AliasSort.ID:
            return await self.pager.cut(self.aliases, statement, BY_ID, page, purpose=purpose)
        number = self.reading.origins.for_caller(principal).waiting_rows
        numbered = NumberedAliases(self.aliases.session, number)
        waiting = SortKey[Alias](number, lambda alias: numbered.found[alias.id], int)
        order = Order[Alias]("-waiting,-id", (waiting, _ID), descending=True)
        return await self.pager.cut(numbered, statement, order, page, purpose=purpose)

    async def show(self, aliases: Collection[Alias], principal: Principal) -> list[ReadAlias]:
        """Aliases as the caller may read them."""
        return await self.reading.show(aliases, principal)

    async def known_to(
        self, principal: Principal, decisions: Iterable[Decision]
    ) -> Collection[UUID]:
        """The aliases that are decided about and that the caller may read."""
        alias_ids = {decision.alias_id for decision in decisions}
        return await self.reading.known_to(principal, alias_ids)

    async def require_known(self, decision: Decision, known: Collection[UUID]) -> None:
        """Raise AliasNotFound or UnknownReference unless alias and court are known."""
        if decision.alias_id not in known:
            raise AliasNotFound
        court_id = decision.court_id
        if court_id is not None and await self.reference.find(Court, court_id) is None:
            raise UnknownReference("court_id names no court")

    async def require_open(self, decision: Decision) -> None:
        """Raise what the decision itself would raise; locks nothing."""
        alias = await self.aliases.first(self.aliases.by_id(decision.alias_id))
        if alias is None:
            raise AliasNotFound
        await self._current(alias, decision)

    async def decide(self, decision: Decision, by: Actor) -> Alias:
        """Decide what a spelling means. The same decision again changes nothing.

        A rejection can be undone by accepting; an acceptance has been acted on and cannot. Raises
        AliasNotFound, AliasDecidedAlready, AliasTargetUnknown, AliasOfAllCourts.
        """
        alias = await self._lock(decision.alias_id)
        current = await self._current(alias, decision)
        if current is not None and _agrees(current, decision):
            return alias
        now = self.clock.now()
        if current is not None:
            current.state, current.target_id = decision.state, decision.target_id
            mark_updated(current, by, now)
        elif decision.court_id is not None:
            self.aliases.session.add(_of_court(decision, decision.court_id, by, now))
        if current is alias:
            alias.decided_at, alias.decided_by = now, by.user_id
        await self.aliases.session.flush()
        await self.release.queue(self.aliases.session, alias, by)
        return alias

    async def _current(self, alias: Alias, decision: Decision) -> Alias | CourtAlias | None:
        """The current decision for the same court, or for all. Raises as `decide` does."""
        current: Alias | CourtAlias | None = alias
        if decision.court_id is not None:
            if alias.kind is AliasKind.COURT:
                raise AliasOfAllCourts
            current = await self.aliases.of_court(alias.id, decision.court_id)
        if current is not None and _agrees(current, decision):
            return current
        if current is not None and current.state is AliasState.ACCEPTED:
            raise AliasDecidedAlready
        target_id, model = decision.target_id, TARGETS[alias.kind]
        if target_id is not None and await self.reference.find(model, target_id) is None:
            raise AliasTargetUnknown
        return current

    async def _lock(self, alias_id: UUID) -> Alias:
        alias = (await self.aliases.session.exec(self.aliases.locked(alias_id))).first()
        if alias is None:
            raise AliasNotFound
        return alias

    def _pending(self, kind: AliasKind, raw: str, seen: FirstSeen, by: Actor) -> dict[str, object]:
        return {
            "id": uuid7(),
            **creation_columns(by, self.clock.now()),
            "version": 1,
            "kind": kind,
            "spelling": normal_spelling(raw),
            "raw": raw,
            "state": AliasState.PENDING,
            "first_seen_batch_id": seen.batch_id,
            "first_seen_row_no": seen.row_no,
        }


def _agrees(current: Alias | CourtAlias, decision: Decision) -> bool:
    return (current.state, current.target_id) == (decision.state, decision.target_id)


def _of_court(decision: Decision, court_id: UUID, by: Actor, now: datetime) -> CourtAlias:
    return CourtAlias(
        **creation_columns(by, now),
        alias_id=decision.alias_id,
        court_id=court_id,
        state=decision.state,
        target_id=decision.target_id,
    )
