"""Cursors of auth's lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Request

from common.pages import CursorInvalid, CursorSigner, PageRequest, fitting, row_bytes

RowT = TypeVar("RowT")
KeyT = TypeVar("KeyT")


async def current_cursors(request: Request) -> CursorSigner:
    """The app's signer of cursors."""
    cursors: CursorSigner = request.app.state.cursors
    return cursors


CursorsDep = Annotated[CursorSigner, Depends(current_cursors)]


@dataclass(frozen=True, slots=True)
class Window(Generic[RowT]):
    """The rows of one page, and the cursor to the next."""

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
        """The key behind which the page begins; None for the first. Raises CursorInvalid."""
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
        """The page, of rows of which there is one more when another page follows.

        It ends early when it would be larger than an answer may be; `size` says how large a row is
        when it is shown.
        """
        shown = rows[: fitting([size(row) for row in rows[: page.limit]])]
        more = len(rows) > len(shown)
        cursor = self.cursors.sign(self.purpose, [self.key(shown[-1])]) if more else None
        return Window(shown, cursor)


def by_id(cursors: CursorSigner, purpose: str, key: Callable[[RowT], UUID]) -> Listing[RowT, UUID]:
    """A list sorted by ID."""
    return Listing(cursors, purpose, key, UUID)
