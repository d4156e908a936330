"""Builds a service's FastAPI app the one way: request layer, caller, problems, health, metrics."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp

from common.caller import CallerMiddleware, CallerVerifier
from common.encoded_bodies import EncodedBodyMiddleware
from common.health import Health, livez, readyz
from common.in_flight import InFlight, InFlightMiddleware
from common.metrics import metrics_endpoint
from common.null_examples import restore_nulls
from common.plain_text import PlainTextMiddleware
from common.problem_pages import PATHS, problem_page
from common.problem_responses import ANY, problems
from common.problems import MEDIA_TYPE, ConstraintErrors, install_problem_handlers
from common.requests import RequestMiddleware

OPEN_PATHS: Final = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json"}) | PATHS
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Refine = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """What one service is made of; `refine` completes the description of its API, and `layers` are
    its own, within those that every service has.
    """

    name: str
    title: str
    version: str
    routers: Sequence[APIRouter]
    verifier: CallerVerifier
    health: Health
    lifespan: Lifespan | None = None
    constraints: ConstraintErrors = field(default_factory=dict)
    open_paths: frozenset[str] = frozenset()
    layers: Sequence[Callable[[ASGIApp], ASGIApp]] = ()
    refine: Refine | None = None
    in_flight: InFlight = field(default_factory=InFlight)


class DescribedApp(FastAPI):
    """FastAPI, whose description says of problems what they are, and has the service's examples.

    FastAPI gives each response that has a model the media type of the successes as well.
    """

    refine: Refine | None = None

    def openapi(self) -> dict[str, Any]:
        """The description; made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            for operation in operations(document):
                for response in operation["responses"].values():
                    content = response.get("content", {})
                    if MEDIA_TYPE in content:
                        content.pop("application/json", None)
            restore_nulls(document)
            if self.refine is not None:
                self.refine(document)
        return super().openapi()


def operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of an OpenAPI document."""
    for methods in document["paths"].values():
        yield from methods.values()


def build_app(definition: ServiceDefinition, state: Mapping[str, Any]) -> FastAPI:
    """The whole ASGI app; `state` becomes attributes of `app.state` (such as `database`)."""
    app = DescribedApp(
        title=definition.title,
        version=definition.version,
        lifespan=definition.lifespan,
        docs_url=None,  # the gateway shows both services' pages at one address
        redoc_url=None,
        responses=problems(ANY),
        redirect_slashes=False,
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
    app.add_middleware(PlainTextMiddleware)
    app.add_middleware(EncodedBodyMiddleware)
    app.add_middleware(InFlightMiddleware, in_flight=definition.in_flight)
    app.add_middleware(
        CallerMiddleware,
        verifier=definition.verifier,
        open_paths=OPEN_PATHS | definition.open_paths,
    )
    app.add_middleware(RequestMiddleware, service=definition.name)
    return app
