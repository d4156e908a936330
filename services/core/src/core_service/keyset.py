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

from common.pages import PAGE_BYTES, CursorInvalid, CursorSigner, PageRequest, fitting, plain
from common.repository import Repository

RowT = TypeVar("RowT", bound=SQLModel)

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
        rows, more = await _fetch(repository, wanted, order, page.limit, weigh or _weigh)
        cursor = self.signer.sign(purpose, order.values(rows[-1])) if more else None
        return Slice(rows, cursor, total)


Weigher = Callable[[Sequence[RowT]], Awaitable[Sequence[int]]]


async def _fetch(
    repository: Repository[RowT],
    wanted: SelectOfScalar[RowT],
    order: Order[RowT],
    limit: int,
    weigh: Weigher[RowT],
) -> tuple[Sequence[RowT], bool]:
    """The rows of a page, and whether others follow."""
    shown: list[RowT] = []
    left = PAGE_BYTES
    step = SLICE_ROWS if order.large else limit
    statement = wanted
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


def row_bytes(row: SQLModel) -> int:
    """How large a row is as JSON, all of its columns together."""
    columns = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    return len(to_json(columns, bytes_mode="base64", fallback=str))


def read_id(text: str) -> UUID:
    """A UUID from a cursor."""
    return UUID(text)
