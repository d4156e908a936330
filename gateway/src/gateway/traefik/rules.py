"""From a row of the route table to a rule of Traefik that matches the same requests."""

from collections.abc import Iterator
from typing import Final

from gateway.routes import Route

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


def above(limit: int) -> str:
    """An anchored expression (RE2) that matches the decimal numbers greater than `limit`.

    Traefik can only limit a body by reading all of it first. The length that a client declares is a
    header, and routing rules can match headers: so a rule matches what is declared too large.
    """
    digits = str(limit)
    alternatives = [*_same_length(digits), f"[1-9][0-9]{{{len(digits)},}}"]
    return f"^0*({'|'.join(alternatives)})$"


def _same_length(digits: str) -> Iterator[str]:
    for place, digit in enumerate(digits):
        if digit == "9":
            continue
        rest = len(digits) - place - 1
        larger = f"[{int(digit) + 1}-9]"
        yield digits[:place] + larger + (f"[0-9]{{{rest}}}" if rest else "")
