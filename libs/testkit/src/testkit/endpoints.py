"""What the endpoints of a service are made of."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute


def functions_in_threads(routers: Iterable[APIRouter]) -> set[str]:
    """Endpoints and dependencies that FastAPI runs in a thread, each time: functions that are no
    coroutines. Classes are left out.
    """
    routes = (route for router in routers for route in router.routes)
    calls = (call for each in routes if isinstance(each, APIRoute) for call in _calls(each))
    return {f"{call.__module__}.{call.__qualname__}" for call in calls if _blocks(call)}


def _calls(route: APIRoute) -> Iterator[Callable[..., Any]]:
    yield route.endpoint
    yield from _of(route.dependant)


def _of(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for each in dependant.dependencies:
        if each.call is not None:
            yield each.call
        yield from _of(each)


def _blocks(call: Callable[..., Any]) -> bool:
    is_awaited = inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call)
    return not is_awaited and not inspect.isclass(call)
