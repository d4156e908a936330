"""Cursors of auth's lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends

from common.composition import lasting
from common.pages import CursorInvalid, CursorSigner, PageRequest, fitting, row_bytes

RowT = TypeVar("RowT")
KeyT = TypeVar("KeyT")


CursorsDep = Annotated[CursorSigner, Depends(lasting(CursorSigner))]


@dataclass(frozen=True, slots=True)
class Window(Generic[RowT]):
    """The rows of one page, and the cursor to the next page."""

    rows: Sequence[RowT]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Listing(Generic[RowT, KeyT]):
    """One list with its filters (`purpose`), sorted by one key."""

    cursors: CursorSigner
    purpose: str
    key: Callable[[RowT], KeyT]
    parse: Callable[[Any], KeyT]

    def start(self, page: PageRequest) -> KeyT | None:
        """The key after which the page begins; None for the first. Raises CursorInvalid."""
        if page.cursor is None:
            return None
        values = self.cursors.read(self.purpose, page.cursor)
        try:
            return self.parse(values[0])
        except (IndexError, ValueError, TypeError, AttributeError) as error:
            raise CursorInvalid from error

    def window(
        self,
        rows: Sequence[RowT],
        page: PageRequest,
        size: Callable[[RowT], int] = row_bytes,
    ) -> Window[RowT]:
        """The page; `rows` has one more than its limit when another page follows.

        It ends early when it would exceed the size of an answer; `size` is that of a row as shown.
        """
        shown = rows[: fitting([size(row) for row in rows[: page.limit]])]
        more = len(rows) > len(shown)
        cursor = self.cursors.sign(self.purpose, [self.key(shown[-1])]) if more else None
        return Window(shown, cursor)
