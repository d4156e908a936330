"""What is refused before a request reaches its route, and before its body is read.

A caller without valid credentials; more requests at once than a service works on, in all and for
one address; a body with a content coding, since nothing here unpacks one; a query that no database
stores. Beyond the limits a request would only wait for a database connection, and keep others
waiting. They are counted here and not at the edge, because Traefik's own limit answers 429 in plain
text, and cannot be distinguished there from a 429 of a service.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import Field
from starlette.types import Scope

from common.caller import CallerVerifier, current_principal
from common.errors import DomainError, FieldError, Unauthenticated, Unavailable, ValidationFailed
from common.identity import Principal
from common.jws import TokenRefused
from common.logs import get_logger
from common.problems import DATABASE_UNAVAILABLE, database_unavailable
from common.schemas import NO_NUL
from common.settings import ServiceSettings

LIMIT: Final = 512
LIMIT_PER_ADDRESS: Final = 256
QUIET: Final = frozenset({"/livez", "/readyz", "/metrics"})
_BODY: Final = (b"content-length", b"transfer-encoding")
_PLAIN: Final = frozenset({b"", b"identity"})
_NUL: Final = (b"%00", b"\x00")

log = get_logger(__name__)


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


class ContentEncodingUnsupported(DomainError):
    """The body is compressed or otherwise encoded; only a body as it is can be read."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code: ClassVar[str] = "content-encoding-unsupported"
    title: ClassVar[str] = "Send the body without Content-Encoding"

    def __init__(self) -> None:
        # What would have been accepted (RFC 9110, 12.5.3 and 15.5.16).
        super().__init__(headers={"Accept-Encoding": "identity"})


@dataclass(slots=True)
class InFlight:
    """Counts the requests of one process, and refuses what is over a limit."""

    limit: int = LIMIT
    limit_per_address: int = LIMIT_PER_ADDRESS
    total: int = 0
    by_address: Counter[str | None] = field(default_factory=Counter)

    @classmethod
    def of(cls, settings: InFlightSettings) -> "InFlight":
        """The limits as configured."""
        return cls(settings.max_in_flight, settings.max_in_flight_per_address)

    @contextmanager
    def place(self, address: str | None) -> Iterator[None]:
        """A place for one request. Raises TooManyInFlight or ServiceBusy when there is none."""
        if address is not None and self.by_address[address] >= self.limit_per_address:
            raise TooManyInFlight(headers={"Retry-After": "1"})
        if self.total >= self.limit:
            raise ServiceBusy
        self.total += 1
        self.by_address[address] += 1
        try:
            yield
        finally:
            self.total -= 1
            self.by_address[address] -= 1
            if not self.by_address[address]:
                del self.by_address[address]


@dataclass(frozen=True, slots=True)
class Admission:
    """Lets a request in; `open_paths` alone need no known caller."""

    verifier: CallerVerifier
    open_paths: frozenset[str]
    in_flight: InFlight = field(default_factory=InFlight)

    @asynccontextmanager
    async def admit(self, scope: Scope) -> AsyncIterator[None]:
        """While the request is served. Raises the refusal, a DomainError."""
        principal = scope["state"]["principal"] = await self._caller(scope)
        if scope["path"] in QUIET:
            yield
            return
        # The address is the one that the gateway asserts.
        with self.in_flight.place(principal.ip if principal is not None else None):
            _require_plain(scope)
            yield

    async def _caller(self, scope: Scope) -> Principal | None:
        try:
            principal = await self.verifier.identify(scope["state"]["presented"])
        except TokenRefused as error:
            if scope["path"] in self.open_paths:
                return None
            log.info("caller_refused", reason=error.reason)
            raise Unauthenticated("No valid caller") from error
        except DATABASE_UNAVAILABLE as error:  # one that says which tokens were revoked
            raise database_unavailable(error) from error
        user_id = str(principal.user_id) if principal.user_id else None
        structlog.contextvars.bind_contextvars(user_id=user_id, client_id=principal.client_id)
        return principal


def _require_plain(scope: Scope) -> None:
    """Bodies are checked field by field (`common.schemas`), paths and headers by the server that
    reads them: neither can hold U+0000.
    """
    codings = [value for name, value in scope["headers"] if name == b"content-encoding"]
    if any(coding.strip().lower() not in _PLAIN for coding in codings) and any(
        name in _BODY and value != b"0" for name, value in scope["headers"]
    ):
        raise ContentEncodingUnsupported
    query: bytes = scope["query_string"]
    if any(nul in query for nul in _NUL):
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        names = dict.fromkeys(name for name, value in pairs if "\x00" in name + value)
        raise ValidationFailed(errors=tuple(FieldError(name, "nul", NO_NUL) for name in names))


Check = Callable[[Principal], object]


class AdmittingRoute(APIRoute):
    """A route with a check that comes before its body; made by `admitting`.

    FastAPI reads and parses the body of a request before it asks any dependency.
    """


def admitting(check: Check) -> type[AdmittingRoute]:
    """A class of routes that call `check` first, which raises for callers who may not."""

    class Route(AdmittingRoute):
        """The class for this check."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            """FastAPI's handler, behind the check."""
            handle = super().get_route_handler()

            async def admit(request: Request) -> Response:
                check(await current_principal(request))
                return await handle(request)

            return admit

    return Route
