"""Statements over aliases."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.repository import Repository
from core_service.aliases.models import Alias, AliasKind, AliasState


@dataclass(frozen=True, slots=True)
class AliasRepository(Repository[Alias]):
    """Spellings and what they mean."""

    model: ClassVar[type[SQLModel]] = Alias
    session: AsyncSession

    def listed(self, kind: AliasKind | None, state: AliasState | None) -> SelectOfScalar[Alias]:
        """Aliases of a kind and state, or of all."""
        statement = select(Alias)
        if kind is not None:
            statement = statement.where(col(Alias.kind) == kind)
        if state is not None:
            statement = statement.where(col(Alias.state) == state)
        return statement

    def spelled(self, kind: AliasKind, spelling: str) -> SelectOfScalar[Alias]:
        """The alias of a kind with this normalised spelling."""
        return select(Alias).where(col(Alias.kind) == kind, col(Alias.spelling) == spelling)

    def locked(self, alias_id: UUID) -> SelectOfScalar[Alias]:
        """One alias, held until the transaction ends and read as it is then."""
        statement = select(Alias).where(col(Alias.id) == alias_id).with_for_update()
        return statement.execution_options(populate_existing=True)

    async def insert_if_new(self, values: dict[str, Any]) -> None:
        """Insert an alias unless its spelling is there already."""
        statement = insert(Alias).values(values)
        # It gives the ID back for the audit, which has to know what was added.
        await self.session.exec(
            statement.on_conflict_do_nothing(index_elements=["kind", "spelling"]).returning(
                col(Alias.id)
            )
        )
