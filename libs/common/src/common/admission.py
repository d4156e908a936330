"""Routes that decide whether a caller may come in before they read what the caller sends.

FastAPI reads and parses the body of a request before it asks any dependency.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from common.caller import current_principal
from common.identity import Principal

Check = Callable[[Principal], object]


class AdmittingRoute(APIRoute):
    """A route with a check that comes before its body; made by `admitting`."""


def admitting(check: Check) -> type[AdmittingRoute]:
    """The class of a router's routes that let in whom `check` lets pass; it raises for others."""

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
