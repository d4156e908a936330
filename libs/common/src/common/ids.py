"""Identifiers: UUIDv7 (RFC 9562), whose order is the order of their making."""

import re
from typing import Final

import uuid_utils
from uuid_utils.compat import uuid7

__all__ = ["REQUEST_ID", "new_request_id", "uuid7", "valid_request_id"]

REQUEST_ID: Final = re.compile(r"^[A-Za-z0-9._-]{8,128}$", re.ASCII)


def new_request_id() -> str:
    """A UUIDv7 as text, without the object in between: every request takes one."""
    return str(uuid_utils.uuid7())


def valid_request_id(value: str | None) -> bool:
    """Whether a client's `X-Request-ID` may be kept as it is."""
    return value is not None and REQUEST_ID.fullmatch(value) is not None
