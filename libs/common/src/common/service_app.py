"""Builds a service's FastAPI app the one way: request layer, problems, health, metrics."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp

from common.admission import Admission, InFlight
from common.caller import CallerVerifier
from common.description import DescribedApp, Refine, operation_id
from common.health import Health, livez, readyz
from common.metrics import IN_FLIGHT, IN_FLIGHT_LIMIT, metrics_endpoint
from common.problem_pages import PATHS, problem_page
from common.problem_responses import ANY, problems
from common.problems import ConstraintErrors, install_problem_handlers
from common.requests import RequestMiddleware

OPEN_PATHS: Final = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json"}) | PATHS
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """What one service is made of.

    `tags` says what each group of operations is for, in the order to show them in; `refine`
    completes the description of its API; `layers` are its own, within those that every service has.
    """

    name: str
    title: str
    version: str
    routers: Sequence[APIRouter]
    verifier: CallerVerifier
    health: Health
    tags: Tags = field(default_factory=dict)
    lifespan: Lifespan | None = None
    constraints: ConstraintErrors = field(default_factory=dict)
    open_paths: frozenset[str] = frozenset()
    layers: Sequence[Callable[[ASGIApp], ASGIApp]] = ()
    refine: Refine | None = None
    in_flight: InFlight = field(default_factory=InFlight)


def build_app(definition: ServiceDefinition, state: Mapping[str, Any]) -> FastAPI:
    """The whole ASGI app; `state` becomes attributes of `app.state` (such as `database`)."""
    app = DescribedApp(
        title=definition.title,
        version=definition.version,
        lifespan=definition.lifespan,
        docs_url=None,  # the gateway shows both services' pages at one address
        redoc_url=None,
        responses=problems(ANY),
        openapi_tags=[
            {"name": name, "description": text} for name, text in definition.tags.items()
        ],
        generate_unique_id_function=operation_id,
        redirect_slashes=False,
        telemetry={"tracing": False},  # the request layer makes the span, in the asserted trace
        routes=[
            Route("/livez", livez),
            Route("/readyz", readyz),
            Route("/metrics", metrics_endpoint),
            *(Route(path, problem_page) for path in sorted(PATHS)),
        ],
    )
    app.refine = definition.refine
    for router in definition.routers:
        app.include_router(router)
    for name, value in {**state, "health": definition.health}.items():
        setattr(app.state, name, value)
    install_problem_handlers(app, definition.constraints)
    for layer in definition.layers:
        app.add_middleware(layer)
    admission = Admission(
        definition.verifier, OPEN_PATHS | definition.open_paths, definition.in_flight
    )
    in_flight = definition.in_flight
    IN_FLIGHT.set_function(lambda: in_flight.total)
    IN_FLIGHT_LIMIT.set(in_flight.limit)
    app.add_middleware(RequestMiddleware, service=definition.name, admission=admission)
    return app
