"""Routes that check the caller's permission before they read the body.

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
