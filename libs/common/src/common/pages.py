"""Keyset pages: an opaque, signed cursor, so that page 1,000 costs no more than page 1."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final, Generic, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, SecretStr
from pydantic_core import to_json

from common.errors import DomainError

ItemT = TypeVar("ItemT")

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
MAC_BYTES: Final = 16
# What the items of a page have at most, unless the first alone has more: an answer is at most
# 2 MiB, and what is written around the items takes a little of it.
PAGE_BYTES: Final = 2 * 1024 * 1024 - 64 * 1024


class CursorInvalid(DomainError):
    """The cursor was not made by this service, for this list and order."""

    code: ClassVar[str] = "cursor-invalid"
    title: ClassVar[str] = "The cursor is not one of this list"


class Page(BaseModel, Generic[ItemT]):
    """One page of a list; `next_cursor` is null on the last, `total` comes with `count=exact`."""

    # Of the class alone: pydantic gives no docstring to those of one kind of item.
    model_config = ConfigDict(json_schema_extra={"description": __doc__})

    items: Sequence[ItemT]
    next_cursor: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: at most `limit` items after `cursor`."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    count: bool = False


async def page_request(
    limit: Annotated[
        int, Query(ge=1, le=MAX_LIMIT, description="How many items at most")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(max_length=2048, description="`next_cursor` of the page before")
    ] = None,
    count: Annotated[Literal["exact"] | None, Query(description="Add `total`")] = None,
) -> PageRequest:
    """Read `limit`, `cursor` and `count` from the query."""
    return PageRequest(limit=limit, cursor=cursor, count=count == "exact")


PageDep = Annotated[PageRequest, Depends(page_request)]


@dataclass(frozen=True, slots=True)
class CursorSigner:
    """Turns the sort key of a page's last row into an opaque cursor and back.

    `purpose` names the list, its order and its filters, so that a cursor fits no other list. The
    first key signs; cursors of the others are read while a key is changed.
    """

    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, secrets: Sequence[SecretStr]) -> "CursorSigner":
        """With the keys of a setting."""
        return cls(tuple(each.get_secret_value().encode() for each in secrets))

    def sign(self, purpose: str, values: Sequence[Any]) -> str:
        """The cursor of the page after `values`, the sort key of the last row shown."""
        payload = json.dumps([plain(value) for value in values], separators=(",", ":")).encode()
        signed = _mac(self.keys[0], purpose, payload) + payload
        return base64.urlsafe_b64encode(signed).decode().rstrip("=")

    def read(self, purpose: str, cursor: str) -> list[Any]:
        """The values that `sign` was given, dates and UUIDs as strings. Raises CursorInvalid."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError as error:
            raise CursorInvalid from error
        mac, payload = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if not any(hmac.compare_digest(mac, _mac(key, purpose, payload)) for key in self.keys):
            raise CursorInvalid
        values: list[Any] = json.loads(payload)
        return values


def _mac(key: bytes, purpose: str, payload: bytes) -> bytes:
    digest = hmac.new(key, purpose.encode() + b"\x00" + payload, hashlib.sha256).digest()
    return digest[:MAC_BYTES]


def fitting(sizes: Sequence[int], limit: int = PAGE_BYTES, *, at_least: int = 1) -> int:
    """How many of the first items have at most `limit` bytes together."""
    total = 0
    for count, size in enumerate(sizes):
        total += size
        if total > limit and count >= at_least:
            return count
    return len(sizes)


def row_bytes(row: object) -> int:
    """How large a row is as JSON, all of its columns together."""
    columns = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    return len(to_json(columns, bytes_mode="base64", fallback=str))


def plain(value: Any) -> Any:
    """A key's value as a cursor has it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
