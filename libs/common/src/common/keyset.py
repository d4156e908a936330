"""Pages by keyset: the next page starts after the last row shown, however deep it is.

A page is cut by bytes as well as by count: it ends early, with a cursor, when what it shows would
be larger than an answer may be. Lists whose rows can be large are read in slices, so that no more
than a page is ever in memory.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import SQLColumnExpression, tuple_
from sqlmodel import SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from common.pages import (
    PAGE_BYTES,
    CursorInvalid,
    CursorSigner,
    PageRequest,
    fitting,
    plain,
    row_bytes,
)
from common.repository import Repository

RowT = TypeVar("RowT", bound=SQLModel)
ItemT = TypeVar("ItemT")

# The first slice of a list whose rows can be large: of the largest, a page's worth.
SLICE_ROWS: Final = 16

# Without slots: before Python 3.12 `Order[Case](…)` fails on a generic that is frozen and slotted.


@dataclass(frozen=True)
class SortKey(Generic[RowT]):
    """One column of an order: its expression, its value on a row, its value from a cursor."""

    column: SQLColumnExpression[Any]
    value: Callable[[RowT], Any]
    read: Callable[[str], Any] = str


@dataclass(frozen=True)
class Order(Generic[RowT]):
    """A total order: its keys end with a unique one. `name` goes into the cursor's purpose.

    `large` says that the rows have no narrow bound, and are to be read in slices.
    """

    name: str
    keys: tuple[SortKey[RowT], ...]
    descending: bool = False
    large: bool = False

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
        weigh: "Weigher[RowT] | None" = None,
    ) -> Slice[RowT]:
        """One page; `purpose` names the list and its filters. Raises CursorInvalid.

        `weigh` says how large rows are when shown, where that is more than their own columns.
        """
        purpose = f"{purpose}\x00{order.name}"
        total = await repository.count(statement) if page.count else None
        wanted = order.sort(statement)
        if page.cursor is not None:
            wanted = order.after(wanted, self.signer.read(purpose, page.cursor))
        rows, more = await _fetch(repository, wanted, order, page.limit, weigh)
        cursor = self.signer.sign(purpose, order.values(rows[-1])) if more else None
        return Slice(rows, cursor, total)

    async def merge(
        self,
        sources: "Sequence[Source[ItemT]]",
        read: Sequence[Callable[[Any], Any]],
        page: PageRequest,
        *,
        purpose: str,
    ) -> "Merged[ItemT]":
        """One page of what several sources have, in the order of their keys. Raises CursorInvalid.

        `read` makes a key's values from those of a cursor.
        """
        after = None
        if page.cursor is not None:
            values = self.signer.read(purpose, page.cursor)
            if len(values) != len(read):
                raise CursorInvalid
            after = tuple(one(value) for one, value in zip(read, values, strict=True))
        found = [each for source in sources for each in await source(after, page.limit + 1)]
        found.sort(key=lambda each: each.key)
        fits = fitting([_item_bytes(each.item) for each in found[: page.limit]])
        shown = found[:fits]
        more = len(found) > fits
        cursor = self.signer.sign(purpose, shown[-1].key) if more else None
        return Merged([each.item for each in shown], cursor)


@dataclass(frozen=True)
class Merged(Generic[ItemT]):
    """The items of one page of a merged list, before they are shown."""

    items: Sequence[ItemT]
    next_cursor: str | None


@dataclass(frozen=True)
class Keyed(Generic[ItemT]):
    """An item of a merged list, with its place in it."""

    key: tuple[Any, ...]
    item: ItemT


# The items of one source behind a place, at most so many, in their order.
Source = Callable[[Sequence[Any] | None, int], Awaitable[Sequence[Keyed[ItemT]]]]


Weigher = Callable[[Sequence[RowT]], Awaitable[Sequence[int]]]


async def _fetch(
    repository: Repository[RowT],
    wanted: SelectOfScalar[RowT],
    order: Order[RowT],
    limit: int,
    weigh: Weigher[RowT] | None,
) -> tuple[Sequence[RowT], bool]:
    """The rows of a page, and whether others follow; a list of small rows is not weighed."""
    if not order.large:
        found = await repository.all(wanted.limit(limit + 1))
        return found[:limit], len(found) > limit
    shown: list[RowT] = []
    left = PAGE_BYTES
    weigh = weigh or _weigh
    step, statement = SLICE_ROWS, wanted
    while True:
        step = min(step, limit - len(shown))
        found = await repository.all(statement.limit(step + 1))
        sizes = await weigh(found[:step])
        fits = fitting(sizes, left, at_least=0 if shown else 1)
        shown += found[:fits]
        left -= sum(sizes[:fits])
        if len(found) <= fits or len(shown) == limit or fits < step:
            return shown, len(found) > fits
        step = max(1, left // (max(sizes) or 1))
        statement = order.after(wanted, [plain(value) for value in order.values(shown[-1])])


async def _weigh(rows: Sequence[SQLModel]) -> Sequence[int]:
    return [row_bytes(row) for row in rows]


def _item_bytes(item: object) -> int:
    return len(to_json(item, fallback=str))


def read_id(text: str) -> UUID:
    """A UUID from a cursor."""
    return UUID(text)
