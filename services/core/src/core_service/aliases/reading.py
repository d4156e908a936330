"""Which spellings a caller may read: one that is pending is a cell of a court's file."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col, select

from common.identity import Principal
from core_service.access.courts import WRITERS, decides_for_all, within
from core_service.aliases.models import Alias, AliasState, CourtAlias
from core_service.aliases.repository import AliasRepository
from core_service.aliases.suggestions import AliasSuggestions, Candidate
from core_service.cases.visibility import reading


@dataclass(frozen=True, slots=True)
class AliasOrigins:
    """Conditions over `Alias` for one caller: that rows which the caller may read wait for it or
    that the caller's own file brought it, that the caller may read its first row, and how many
    rows which the caller may read wait for it.
    """

    awaited: ColumnElement[bool]
    first_seen: ColumnElement[bool]
    waiting_rows: ColumnElement[int]


@dataclass(frozen=True, slots=True)
class OriginConditions:
    """Makes the conditions; returns, whose rows they are about, provide it."""

    for_caller: Callable[[Principal], AliasOrigins]


@dataclass(frozen=True, slots=True)
class ReadAlias:
    """An alias as a caller may read it: the courts' own decisions are those of the caller's."""

    alias: Alias
    of_courts: Sequence[CourtAlias]
    shows_first_row: bool
    waiting_rows: int = 0
    candidates: Sequence[Candidate] = ()


@dataclass(frozen=True, slots=True)
class AliasReading:
    """Narrows aliases to a caller. What is decided for all courts is for every reader."""

    aliases: AliasRepository
    origins: OriginConditions
    suggestions: AliasSuggestions

    def readable(self, principal: Principal) -> ColumnElement[bool]:
        """The condition that the caller may read an alias. Raises as `reading` does."""
        reading(principal)
        if decides_for_all(principal):
            return true()
        decided = col(Alias.state) != AliasState.PENDING
        if principal.kind == "service" or not principal.has_role(*WRITERS):
            return decided
        own = select(CourtAlias.id).where(
            col(CourtAlias.alias_id) == Alias.id,
            within(CourtAlias.court_id, principal.scope_for(*WRITERS)),
        )
        return or_(decided, self.origins.for_caller(principal).awaited, own.exists())

    async def known_to(self, principal: Principal, alias_ids: Collection[UUID]) -> Collection[UUID]:
        """Those of the aliases that the caller may read."""
        return await self.aliases.those(alias_ids, self.readable(principal))

    async def show(self, aliases: Collection[Alias], principal: Principal) -> list[ReadAlias]:
        """Aliases as the caller may read them."""
        ids = [alias.id for alias in aliases]
        of_courts = await self.aliases.of_courts(ids, reading(principal).courts)
        origins = self.origins.for_caller(principal)
        shown = await self.aliases.those(ids, origins.first_seen)
        pending = [alias.id for alias in aliases if alias.state is AliasState.PENDING]
        waiting = await self.aliases.numbers(pending, origins.waiting_rows)
        candidates = await self.suggestions.of(pending)
        return [
            ReadAlias(
                alias,
                of_courts[alias.id],
                alias.id in shown,
                waiting.get(alias.id, 0),
                candidates.get(alias.id, ()),
            )
            for alias in aliases
        ]
