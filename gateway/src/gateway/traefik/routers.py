"""Traefik's routers: one or more for each row of the route table, and one for all the rest.

Every router goes through `cors` and `strip` first: they stand at the entry points (`static`). Those
of plain HTTP beside TLS, which reach the policy's own pages alone, name what they need.
"""

from typing import Final

from gateway.routes import Route, Upstream
from gateway.settings import GatewaySettings
from gateway.traefik import rules
from gateway.traefik.middlewares import (
    body_limit,
    limit_name,
    too_large_name,
    verify_name,
)
from gateway.traefik.yaml_text import Node

POLICY_SERVICE: Final = "policy"
Router = dict[str, Node]
Routers = dict[str, Router]
_PAGE: Final = ("page-away", "edge-page")


def routers(settings: GatewaySettings) -> Routers:
    """All of them by name; Traefik goes by their priorities, not by their order."""
    rows: Routers = {}
    for route in settings.routes:
        rows |= _of_gateway(route) if route.upstream is Upstream.GATEWAY else _of(route, settings)
    # The policy service tells 404 from 405 and 400, and spends the address's quota.
    everything = _router("PathPrefix(`/`)", rules.CATCH_ALL, POLICY_SERVICE, *_PAGE)
    bound = {"entryPoints": ["web" if settings.https_port is None else "websecure"]}
    found = {
        name: {**bound, **router} for name, router in (rows | {"catch-all": everything}).items()
    }
    return found if settings.https_port is None else {**found, **_plain_http()}


def _plain_http() -> Routers:
    """What is answered without TLS: probes of load balancers, and people who look for the pages.

    A program is refused instead of sent on: else one with a wrong address would go on sending its
    tokens in the open, and nobody would notice.
    """
    probes = _router("Path(`/livez`) || Path(`/readyz`)", 2, POLICY_SERVICE, *_PAGE)
    pages = _router("Path(`/docs`)", 2, "noop@internal", "to-https")
    others = _router(
        "PathPrefix(`/`)", rules.CATCH_ALL, POLICY_SERVICE, "cors", "page-away", "plain-page"
    )
    bound = {"entryPoints": ["web"]}
    found = {"plain-probes": probes, "plain-docs": pages, "plain-http": others}
    return {name: {**bound, **router} for name, router in found.items()}


def _of_gateway(route: Route) -> Routers:
    router = _router(rules.rule(route), rules.priority(route), POLICY_SERVICE, *_PAGE)
    return {route.name: router}


def _of(route: Route, settings: GatewaySettings) -> Routers:
    rule, service = rules.rule(route), route.upstream.value
    decide = ("policy-away", verify_name(route))
    forward = ("upstream-away", "retry")
    found = {route.name: _router(rule, rules.priority(route), service, *decide, *forward)}
    if not route.changes:
        return found
    before = rules.priority(route, for_bodies=True)
    found[f"{route.name}-too-large"] = _router(
        f"{rule} && {rules.declared_above(body_limit(settings, route.body))}",
        before,
        POLICY_SERVICE,
        *decide,
        too_large_name(route.body),
    )
    # Without a length there is nothing to match: these bodies alone are read before they go on.
    found[f"{route.name}-undeclared"] = _router(
        f"{rule} && {rules.UNDECLARED}",
        before,
        service,
        *decide,
        "upstream-away",
        "body-too-large",
        limit_name(route.body),
        *forward[1:],
    )
    return found


def _router(rule: str, priority: int, service: str, *middlewares: str) -> Router:
    return {
        "rule": rule,
        "priority": priority,
        "middlewares": list(middlewares),
        "service": service,
    }
