"""Traefik's routers: one or more for each row of the route table, and two for all the rest.

Every request loses its claims of identity first: `strip` is on the entry points (`static`). Each
chain begins with `cors`, so that pages of allowed origins can read every answer.
"""

from typing import Any, Final

from gateway.routes import Route, Upstream
from gateway.settings import GatewaySettings
from gateway.traefik import rules
from gateway.traefik.middlewares import limit_name, too_large_name, verify_name
from gateway.traefik.services import BALANCER, POLICY, POLICY_REPLICAS, PREFLIGHTS

Router = dict[str, Any]
Routers = dict[str, Router]
_PAGE: Final = ("cors", "compress", "page-unavailable", "retry", "edge-page")
_FORWARD: Final = ("upstream-unavailable", "retry")


def routers(settings: GatewaySettings) -> Routers:
    """All of them by name; Traefik goes by their priorities, not by their order."""
    rows: Routers = {}
    for route in settings.routes:
        rows |= _of_gateway(route) if route.upstream is Upstream.GATEWAY else _of(route, settings)
    # Answered without a verdict, so that a page's question spends no quota.
    rows["preflights"] = _router(rules.PREFLIGHT, rules.FIRST, PREFLIGHTS, "edge-page")
    # The policy service tells 404 from 405 and 400, and spends the address's quota.
    rows["catch-all"] = _router("PathPrefix(`/`)", rules.CATCH_ALL, POLICY, *_PAGE)
    bound = {"entryPoints": ["web" if settings.https_port is None else "websecure"]}
    found = {name: {**bound, **router} for name, router in rows.items()}
    found |= {} if settings.https_port is None else _plain_http()
    return found if settings.policy_balancer_port is None else {**found, **_balanced()}


def _balanced() -> Routers:
    """Traefik's questions to the policy, one replica after the other.

    ForwardAuth by itself would ask over one connection, and so one replica for good.
    """
    router = _router(
        "PathPrefix(`/verify/`)", rules.CATCH_ALL, POLICY_REPLICAS, "replica-unavailable", "retry"
    )
    return {POLICY_REPLICAS: {"entryPoints": [BALANCER], **router}}


def _plain_http() -> Routers:
    """What is answered without TLS: probes of load balancers, and people who look for the pages.

    A program is refused instead of sent on: else one with a wrong address would go on sending its
    tokens unencrypted, unnoticed.
    """
    probes = _router("Path(`/livez`) || Path(`/readyz`)", 2, POLICY, *_PAGE)
    pages = _router("Path(`/`) || Path(`/docs`)", 2, "noop@internal", "to-https")
    others = _router(
        "PathPrefix(`/`)", rules.CATCH_ALL, POLICY, "cors", "page-unavailable", "plain-page"
    )
    preflights = _router(rules.PREFLIGHT, rules.FIRST, PREFLIGHTS, "plain-page")
    found = {
        "plain-probes": probes,
        "plain-docs": pages,
        "plain-http": others,
        "plain-preflights": preflights,
    }
    return {name: {"entryPoints": ["web"], **router} for name, router in found.items()}


def _of_gateway(route: Route) -> Routers:
    return {route.name: _router(rules.rule(route), rules.priority(route), POLICY, *_PAGE)}


def _of(route: Route, settings: GatewaySettings) -> Routers:
    rule, service = rules.rule(route), route.upstream.value
    decide = ("cors", "compress", "policy-unavailable", verify_name(route))
    found = {route.name: _router(rule, rules.priority(route), service, *decide, *_FORWARD)}
    if not route.changes:
        return found
    before = rules.priority(route, for_bodies=True)
    found[f"{route.name}-too-large"] = _router(
        f"{rule} && {rules.declared_above(settings.body_bytes(route.body))}",
        before,
        POLICY,
        *decide,
        too_large_name(route.body),
    )
    # Without a length there is nothing to match: these bodies alone are read before they go on.
    found[f"{route.name}-undeclared"] = _router(
        f"{rule} && {rules.UNDECLARED}",
        before,
        service,
        *decide,
        "upstream-unavailable",
        "body-too-large",
        limit_name(route.body),
        "retry",
    )
    return found


def _router(rule: str, priority: int, service: str, *middlewares: str) -> Router:
    return {
        "rule": rule,
        "priority": priority,
        "middlewares": list(middlewares),
        "service": service,
    }
