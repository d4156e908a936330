"""Who acts in the request being served, and by which operation; known to the audit alone."""

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
    """A request, read when something is to be noted: by then the caller and the route are known.

    Of a job only what it does to these tables is told, `told` being None for all.
    """

    scope: Scope
    command: str | None = None
    told: frozenset[str] | None = None

    def tells_of(self, entity: str) -> bool:
        """Whether changes of this table are noted."""
        return self.told is None or entity in self.told

    @property
    def principal(self) -> Principal:
        """Whoever calls, or had a job done."""
        found: Principal | None = self.scope.get("state", {}).get("principal")
        return found or ANONYMOUS

    @property
    def operation(self) -> str:
        """The method and the route's path, or the command."""
        if self.command is not None:
            return self.command
        path = getattr(self.scope.get("route"), "path", self.scope.get("path", ""))
        return f"{self.scope.get('method', '')} {path}"

    def put_down(self) -> dict[str, Any]:
        """The columns of an event that tell who did it, when, and in which request."""
        principal = self.principal
        return {
            "occurred_at": datetime.now(UTC),
            "operation": self.operation,
            "actor_id": principal.user_id,
            "client_id": principal.client_id,
            "ip": principal.ip,
            "request_id": context.request_id.get(),
        }


acting: Final[ContextVar[Acting | None]] = ContextVar("acting", default=None)


@contextmanager
def command(name: str) -> Iterator[None]:
    """Put the changes of an operator's command down to it."""
    token = acting.set(Acting({}, name))
    try:
        yield
    finally:
        acting.reset(token)


@contextmanager
def job(name: str, told: frozenset[str]) -> Iterator[dict[str, Principal]]:
    """Put what a job does to these tables down to `principal`, once that is filled in."""
    state: dict[str, Principal] = {}
    token = acting.set(Acting({"state": state}, name, told))
    try:
        yield state
    finally:
        acting.reset(token)


class ActingMiddleware:
    """Tells the audit which request is being served."""

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
