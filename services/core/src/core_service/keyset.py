"""Pages by keyset: the next page starts after the last row shown, however deep it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import SQLColumnExpression, tuple_
from sqlmodel import SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from common.pages import CursorInvalid, CursorSigner, PageRequest
from common.repository import Repository

RowT = TypeVar("RowT", bound=SQLModel)

# Without slots: before Python 3.12 `Order[Case](…)` fails on a generic that is frozen and slotted.


@dataclass(frozen=True)
class SortKey(Generic[RowT]):
    """One column of an order: its expression, its value on a row, its value from a cursor."""

    column: SQLColumnExpression[Any]
    value: Callable[[RowT], Any]
    read: Callable[[str], Any] = str


@dataclass(frozen=True)
class Order(Generic[RowT]):
    """A total order: its keys end with a unique one. `name` goes into the cursor's purpose."""

    name: str
    keys: tuple[SortKey[RowT], ...]
    descending: bool = False

    def sort(self, statement: SelectOfScalar[RowT]) -> SelectOfScalar[RowT]:
        """The statement in this order."""
        columns = [key.column.desc() if self.descending else key.column for key in self.keys]
        return statement.order_by(*columns)

    def after(self, statement: SelectOfScalar[RowT], values: Sequence[Any]) -> SelectOfScalar[RowT]:
        """The statement from behind the row with these key values on. Raises CursorInvalid."""
        if len(values) != len(self.keys):
            raise CursorInvalid
        place = tuple_(
            *(key.read(str(value)) for key, value in zip(self.keys, values, strict=True))
        )
        columns = tuple_(*(key.column for key in self.keys))
        return statement.where(columns < place if self.descending else columns > place)

    def values(self, row: RowT) -> list[Any]:
        """The key values of a row."""
        return [key.value(row) for key in self.keys]


@dataclass(frozen=True)
class Slice(Generic[RowT]):
    """The rows of one page, before they are shown."""

    rows: Sequence[RowT]
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Pager:
    """Cuts pages out of statements."""

    signer: CursorSigner

    async def cut(
        self,
        repository: Repository[RowT],
        statement: SelectOfScalar[RowT],
        order: Order[RowT],
        page: PageRequest,
        *,
        purpose: str,
    ) -> Slice[RowT]:
        """One page; `purpose` names the list and its filters. Raises CursorInvalid."""
        purpose = f"{purpose}\x00{order.name}"
        total = await repository.count(statement) if page.count else None
        wanted = order.sort(statement)
        if page.cursor is not None:
            wanted = order.after(wanted, self.signer.read(purpose, page.cursor))
        rows = await repository.all(wanted.limit(page.limit + 1))
        shown = rows[: page.limit]
        more = len(rows) > page.limit
        cursor = self.signer.sign(purpose, order.values(shown[-1])) if more else None
        return Slice(shown, cursor, total)


def read_id(text: str) -> UUID:
    """A UUID from a cursor."""
    return UUID(text)
