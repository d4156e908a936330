"""Liveness without I/O, readiness from the dependencies, and the draining switch."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from common.caching import NO_STORE
from common.logs import get_logger
from common.metrics import DEPENDENCY_UP

# A check that takes long is answered late, not at once as if its dependency were unavailable: on a
# busy machine every replica may be late, and Traefik goes on with those (ADR 0037).
CHECK_SECONDS: Final = 8.0
NOT_STORED: Final = {"Cache-Control": NO_STORE}
Check = Callable[[], Awaitable[object]]

log = get_logger(__name__)


class NotReady(Exception):
    """A dependency cannot be used; the text says why, and is shown on `/readyz`."""


@dataclass(slots=True)
class Health:
    """The state behind `/livez` and `/readyz`; a check raises when its dependency fails."""

    checks: Mapping[str, Check] = field(default_factory=dict)
    draining: bool = False
    check_seconds: float = CHECK_SECONDS
    hands_over: bool = False
    """Another process takes over the port, and with new connections the probes: what this one
    answered while it drains would be taken for the state of both.
    """

    async def report(self) -> tuple[bool, dict[str, str]]:
        """Whether all is well, and each dependency's state; at once while the service drains."""
        if self.draining and not self.hands_over:
            return False, {"service": "draining"}
        states = await asyncio.gather(*(self._state(name) for name in self.checks))
        return all(state == "ok" for state in states), dict(zip(self.checks, states, strict=True))

    async def _state(self, name: str) -> str:
        state = await self._checked(name)
        DEPENDENCY_UP.labels(name).set(state == "ok")
        return state

    async def _checked(self, name: str) -> str:
        try:
            async with asyncio.timeout(self.check_seconds):
                await self.checks[name]()
        except NotReady as error:
            log.warning("dependency_unavailable", dependency=name, reason=str(error))
            return f"unavailable: {error}"
        except Exception as error:  # noqa: BLE001 - whatever it is, the dependency is not usable
            log.warning("dependency_unavailable", dependency=name, error=type(error).__name__)
            return "unavailable"
        return "ok"


async def livez(_request: Request) -> JSONResponse:
    """The process runs; no I/O, so that a slow dependency never gets it restarted."""
    return JSONResponse({"status": "ok"}, headers=NOT_STORED)


async def readyz(request: Request) -> JSONResponse:
    """Whether this process should be sent requests."""
    health: Health = request.app.state.health
    ready, checks = await health.report()
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(
        {"status": "ok" if ready else "unavailable", "checks": checks},
        status_code=status,
        headers=NOT_STORED,
    )
