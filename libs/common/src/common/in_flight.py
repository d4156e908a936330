"""How many requests a service works on at once, in all and for one address.

Beyond that a request is refused at once: it would only wait for a database connection, and keep
others waiting. Counted here and not at the edge, because Traefik's own limit answers 429 in plain
text, and cannot be distinguished there from a 429 of a service.
"""

from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from pydantic import Field
from starlette.types import ASGIApp, Receive, Scope, Send

from common.errors import DomainError, Unavailable
from common.identity import Principal
from common.problems import render
from common.requests import QUIET
from common.settings import ServiceSettings

LIMIT: Final = 512
LIMIT_PER_ADDRESS: Final = 256


class TooManyInFlight(DomainError):
    """Other requests from the same address are still being worked on."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too-many-in-flight"
    title = "Too many requests at once; wait for some of them to end"


class ServiceBusy(Unavailable):
    """The service works on as many requests as it can."""

    code = "service-busy"
    title = "The service is busy; try again shortly"


class InFlightSettings(ServiceSettings):
    """The part of a service's settings that limits its requests at once."""

    max_in_flight: int = Field(
        default=LIMIT, ge=1, description="requests that a process works on at once"
    )
    max_in_flight_per_address: int = Field(
        default=LIMIT_PER_ADDRESS,
        ge=1,
        description="requests of one address that a process works on at once",
    )


@dataclass(slots=True)
class InFlight:
    """Counts the requests of one process, and refuses what is over a limit."""

    limit: int = LIMIT
    limit_per_address: int = LIMIT_PER_ADDRESS
    total: int = 0
    by_address: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, settings: InFlightSettings) -> "InFlight":
        """The limits as configured."""
        return cls(settings.max_in_flight, settings.max_in_flight_per_address)

    def require_room(self, address: str | None) -> None:
        """Raise TooManyInFlight or ServiceBusy when one request more is too many."""
        if address is not None and self.by_address[address] >= self.limit_per_address:
            raise TooManyInFlight(headers={"Retry-After": "1"})
        if self.total >= self.limit:
            raise ServiceBusy

    def enter(self, address: str | None) -> None:
        """Count a request that begins."""
        self.total += 1
        if address is not None:
            self.by_address[address] += 1

    def leave(self, address: str | None) -> None:
        """Count a request that has ended; an address without any is forgotten."""
        self.total -= 1
        if address is not None:
            self.by_address[address] -= 1
            if not self.by_address[address]:
                del self.by_address[address]


class InFlightMiddleware:
    """Placed where the caller is known: the address is the one that the gateway asserts."""

    def __init__(self, app: ASGIApp, in_flight: InFlight) -> None:
        self._app = app
        self._in_flight = in_flight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        principal: Principal | None = scope["state"]["principal"]
        address = principal.ip if principal is not None else None
        try:
            self._in_flight.require_room(address)
        except DomainError as error:
            await render(error)(scope, receive, send)
            return
        self._in_flight.enter(address)
        try:
            await self._app(scope, receive, send)
        finally:
            self._in_flight.leave(address)
