"""The request ID of the request being served, for logs, problems and calls to other services."""

from contextvars import ContextVar
from typing import Final

request_id: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
