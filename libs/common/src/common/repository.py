"""The base of repositories: it runs typed statements and gives rows, pages and counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

RowT = TypeVar("RowT", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Repository(Generic[RowT]):
    """Runs statements over one table; a subclass names the table in `model`.

    Subclasses add methods that return *statements* (`SelectOfScalar[RowT]`), which callers compose
    and hand to `one`, `first`, `all` or `count`. Nothing here commits: the unit of work does.
    """

    model: ClassVar[type[Any]]  # a class variable cannot be generic
    session: AsyncSession

    def statement(self) -> SelectOfScalar[RowT]:
        """All rows of the table, to be narrowed."""
        statement: SelectOfScalar[RowT] = select(self.model)
        return statement

    async def get(
        self, row_id: UUID, *, lock: bool = False, share_lock: bool = False
    ) -> RowT | None:
        """The row with this key; locked until the transaction ends, or only against changes."""
        row: RowT | None = await self.session.get(
            self.model,
            row_id,
            with_for_update={"read": True} if share_lock else lock or None,
            execution_options=self.options_by_id(row_id),
        )
        return row

    def options_by_id(self, row_id: UUID) -> Mapping[str, Any]:
        """Execution options for `get`; a subclass may add to them."""
        return {}

    async def first(self, statement: SelectOfScalar[RowT]) -> RowT | None:
        """The first row, or None."""
        return (await self.session.exec(statement.limit(1))).first()

    async def all(self, statement: SelectOfScalar[RowT]) -> Sequence[RowT]:
        """Every row; the statement carries its own limit where one is needed."""
        return (await self.session.exec(statement)).all()

    async def count(self, statement: SelectOfScalar[RowT]) -> int:
        """How many rows the statement would give."""
        counted = select(func.count()).select_from(statement.order_by(None).subquery())
        counted = counted.execution_options(**statement.get_execution_options())
        return (await self.session.exec(counted)).one()

    async def add(self, *rows: RowT) -> None:
        """Insert rows and flush, so that broken constraints show here."""
        self.session.add_all(rows)
        await self.session.flush()

    async def delete(self, row: RowT) -> None:
        """Delete a row and flush."""
        await self.session.delete(row)
        await self.session.flush()
