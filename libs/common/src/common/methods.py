"""What a path takes, over all of its routes: Starlette names the methods of the first alone."""

from typing import Final

from starlette.requests import Request
from starlette.routing import Match

ROUTED: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")


def allowed_methods(request: Request) -> list[str]:
    """The methods that this path takes. Every GET answers HEAD, and every path OPTIONS."""
    scope = {"type": "http", "path": request.scope["path"], "root_path": "", "headers": []}
    found = {
        method
        for method in ROUTED
        for route in request.app.routes
        if route.matches({**scope, "method": method})[0] is Match.FULL
    }
    return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))
