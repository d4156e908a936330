"""Queries over aliases."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.identity import CourtScope
from common.repository import Repository
from core_service.access.courts import within
from core_service.access.reach import filtered, registry_wide
from core_service.aliases.models import Alias, AliasKind, AliasState, CourtAlias, Key

MEANS_A_COURT: Final = "which court a row names as its file's former one; none is shown"
NOTED_ONCE: Final = "a spelling is recorded once, for all courts"
# A kind and a normalised spelling: what an alias is known by.


@dataclass(frozen=True, slots=True)
class AliasRepository(Repository[Alias]):
    """Spellings and what they mean."""

    model: ClassVar[type[SQLModel]] = Alias
    session: AsyncSession

    def listed(self, kind: AliasKind | None, state: AliasState | None) -> SelectOfScalar[Alias]:
        """Aliases of a kind and state, or of all."""
        statement = filtered(select(Alias))
        if kind is not None:
            statement = statement.where(col(Alias.kind) == kind)
        if state is not None:
            statement = statement.where(col(Alias.state) == state)
        return statement

    def spelled(self, kind: AliasKind, spelling: str) -> SelectOfScalar[Alias]:
        """The alias of a kind with this normalised spelling."""
        spelled = select(Alias).where(col(Alias.kind) == kind, col(Alias.spelling) == spelling)
        return registry_wide(spelled, NOTED_ONCE)

    def locked(self, alias_id: UUID) -> SelectOfScalar[Alias]:
        """One alias, locked and read afresh."""
        statement = self.by_id(alias_id).with_for_update()
        return statement.execution_options(populate_existing=True)

    def by_id(self, alias_id: UUID) -> SelectOfScalar[Alias]:
        """One alias, which the caller may read (see `those`), or whose decision a job follows."""
        statement = select(Alias).where(col(Alias.id) == alias_id)
        return registry_wide(statement, "known to the caller: see `those`")

    async def meaning_courts(self, court_ids: Collection[UUID]) -> Mapping[UUID, Collection[str]]:
        """The normalised spellings that were decided to mean these courts."""
        found: dict[UUID, set[str]] = defaultdict(set)
        statement = select(Alias.target_id, Alias.spelling).where(
            col(Alias.kind) == AliasKind.COURT, col(Alias.target_id).in_(court_ids)
        )
        for court_id, spelling in await self.session.exec(registry_wide(statement, MEANS_A_COURT)):
            if court_id is not None:
                found[court_id].add(spelling)
        return found

    async def known(self, keys: Iterable[Key]) -> dict[Key, UUID]:
        """The existing aliases of these kinds and spellings."""
        by_kind: dict[AliasKind, list[str]] = defaultdict(list)
        for kind, spelling in keys:
            by_kind[kind].append(spelling)
        if not by_kind:
            return {}
        conditions = (
            and_(col(Alias.kind) == kind, col(Alias.spelling).in_(spellings))
            for kind, spellings in by_kind.items()
        )
        statement = select(Alias.kind, Alias.spelling, Alias.id).where(or_(*conditions))
        found = (await self.session.exec(registry_wide(statement, NOTED_ONCE))).all()
        return {(AliasKind(kind), spelling): alias_id for kind, spelling, alias_id in found}

    async def of_court(self, alias_id: UUID, court_id: UUID) -> CourtAlias | None:
        """What a court decided about a spelling."""
        statement = select(CourtAlias).where(
            col(CourtAlias.alias_id) == alias_id, col(CourtAlias.court_id) == court_id
        )
        read = registry_wide(statement, "a decision for a court is checked to cover it")
        return (await self.session.exec(read)).first()

    async def of_courts(
        self, alias_ids: Collection[UUID], scope: CourtScope
    ) -> Mapping[UUID, Sequence[CourtAlias]]:
        """What these courts decided about spellings for themselves."""
        statement = select(CourtAlias).where(
            col(CourtAlias.alias_id).in_(alias_ids), within(CourtAlias.court_id, scope)
        )
        found: dict[UUID, list[CourtAlias]] = {alias_id: [] for alias_id in alias_ids}
        in_order = filtered(statement.order_by(col(CourtAlias.court_id)))
        for of_court in await self.session.exec(in_order.execution_options(populate_existing=True)):
            found[of_court.alias_id].append(of_court)
        return found

    async def those(
        self, alias_ids: Collection[UUID], condition: ColumnElement[bool]
    ) -> Collection[UUID]:
        """The aliases among these that the condition holds for."""
        statement = select(Alias.id).where(col(Alias.id).in_(alias_ids), condition)
        return frozenset((await self.session.exec(filtered(statement))).all())

    async def numbers(
        self, alias_ids: Collection[UUID], number: ColumnElement[int]
    ) -> dict[UUID, int]:
        """A number of each of these aliases."""
        if not alias_ids:
            return {}
        statement = select(Alias.id, number).where(col(Alias.id).in_(alias_ids))
        return dict((await self.session.exec(filtered(statement))).all())

    async def insert_if_new(self, values: dict[str, Any]) -> UUID | None:
        """Insert an alias unless its spelling is there already; its ID when it was inserted."""
        statement = insert(Alias).values(values)
        statement = statement.on_conflict_do_nothing(index_elements=["kind", "spelling"])
        # The audit needs the ID too.
        inserted = await self.session.exec(statement.returning(col(Alias.id)))
        added: UUID | None = inserted.scalars().first()
        return added


@dataclass(frozen=True, slots=True)
class NumberedAliases(AliasRepository):
    """Aliases that are sorted by a number, which is read with them."""

    number: ColumnElement[int]
    found: dict[UUID, int] = field(default_factory=dict)

    async def all(self, statement: SelectOfScalar[Alias]) -> Sequence[Alias]:
        """Every row; their numbers are in `found`."""
        rows = (await self.session.exec(statement)).all()
        self.found.update(await self.numbers([alias.id for alias in rows], self.number))
        return rows
