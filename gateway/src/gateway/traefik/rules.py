"""From a row of the route table to a rule of Traefik that matches the same requests."""

from typing import Final

from gateway.routes import Route
from gateway.traefik.content_length import above

# Traefik tries the highest number first: the longest pattern wins, an exact one before a prefix, as
# in `RouteTable`; of one row's routers, the one for bodies before the plain one.
_EXACT: Final = 20_000
_PREFIX: Final = 10_000
CATCH_ALL: Final = 1
FIRST: Final = 100_000
# The Fetch standard's question for permission (3.2.2).
PREFLIGHT: Final = (
    "Method(`OPTIONS`) && HeaderRegexp(`Origin`, `.`)"
    " && HeaderRegexp(`Access-Control-Request-Method`, `.`)"
)


def priority(route: Route, *, for_bodies: bool = False) -> int:
    """The priority of a row's router."""
    base = _PREFIX if route.path.endswith("/*") else _EXACT
    return 2 * (base + len(route.path.removesuffix("/*"))) + int(for_bodies)


def rule(route: Route) -> str:
    """The row's methods and paths."""
    methods = " || ".join(f"Method(`{method}`)" for method in route.methods)
    exact = route.path.removesuffix("/*")
    paths = f"Path(`{exact}`)"
    if exact != route.path:
        paths = f"({paths} || PathPrefix(`{exact}/`))"
    return f"({methods}) && {paths}"


def declared_above(limit: int) -> str:
    """A body that says it is larger than `limit`."""
    return f"HeaderRegexp(`Content-Length`, `{above(limit)}`)"


UNDECLARED: Final = "!HeaderRegexp(`Content-Length`, `.`)"
