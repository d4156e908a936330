"""Who acts, and by which operation: the context that events are attributed to."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from common import context
from common.identity import ANONYMOUS, Principal


@dataclass(frozen=True, slots=True)
class Acting:
    """A request, job or command; read late, when the caller and the route are known.

    Only changes of `tables` are noted; None means all.
    """

    scope: Scope
    command: str | None = None
    tables: frozenset[str] | None = None

    def covers(self, entity: str) -> bool:
        """Whether changes of this table are noted."""
        return self.tables is None or entity in self.tables

    @property
    def principal(self) -> Principal:
        """The caller, or who queued the job."""
        found: Principal | None = self.scope.get("state", {}).get("principal")
        return found or ANONYMOUS

    def columns(self) -> dict[str, Any]:
        """The columns of an event for who did it, when, and in which request."""
        principal = self.principal
        path = getattr(self.scope.get("route"), "path", self.scope.get("path", ""))
        return {
            "occurred_at": datetime.now(UTC),
            "operation": self.command or f"{self.scope.get('method', '')} {path}",
            "actor_id": principal.user_id,
            "client_id": principal.client_id,
            "ip": principal.ip,
            "request_id": context.request_id.get(),
        }


acting: Final[ContextVar[Acting | None]] = ContextVar("acting", default=None)


@contextmanager
def command(name: str) -> Iterator[None]:
    """Attribute changes to an operator's command."""
    token = acting.set(Acting({}, name))
    try:
        yield
    finally:
        acting.reset(token)


@contextmanager
def job(name: str, tables: frozenset[str]) -> Iterator[dict[str, Principal]]:
    """Attribute what a job does to these tables to `principal`, once that is set."""
    state: dict[str, Principal] = {}
    token = acting.set(Acting({"state": state}, name, tables))
    try:
        yield state
    finally:
        acting.reset(token)


class ActingMiddleware:
    """Sets the request as the current one for the audit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        token = acting.set(Acting(scope)) if scope["type"] == "http" else None
        try:
            await self._app(scope, receive, send)
        finally:
            if token is not None:
                acting.reset(token)
