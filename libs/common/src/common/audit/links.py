"""The hash of one row."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

POSITION: Final = "position"
PREVIOUS_HASH: Final = "previous_hash"
HASH: Final = "hash"
LABEL: Final = b"masijala audit link v1\x00"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A position in the chain and the hash of its row."""

    position: int
    hash: bytes


# What the first row follows.
GENESIS: Final = Link(0, bytes(32))


def link_hash(row: Row) -> bytes:
    """The hash of all columns except the hash itself; the previous hash is one of them."""
    covered = {name: value for name, value in row.items() if name != HASH}
    return hashlib.sha256(LABEL + canonical(covered)).digest()


def sealed(row: Row, after: Link) -> dict[str, Any]:
    """The row with its position and hash after `after`."""
    placed = {**row, POSITION: after.position + 1, PREVIOUS_HASH: after.hash}
    return {**placed, HASH: link_hash(placed)}


def canonical(row: Row) -> bytes:
    """The canonical form of a row: JSON with sorted names.

    Columns without a value are left out: a column that is added later changes no old hash.
    """
    stated = {name: value for name, value in row.items() if value is not None}
    text = json.dumps(
        stated,
        default=_plain,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return text.encode()


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
    raise TypeError(f"no canonical form for {type(value).__name__}")
