"""Where Traefik sends requests, how it tells that a service is well, and how long it waits."""

from typing import Final

from gateway.settings import GatewaySettings
from gateway.traefik.middlewares import PROBLEM_SERVICE
from gateway.traefik.routers import POLICY_SERVICE
from gateway.traefik.yaml_text import Node

# Traefik counts every 5xx, a service's own refusals too: fewer would let a crowd of sign-ins that
# auth sends away take its other routes along.
FAILURES: Final = 50
FAILURE_SECONDS: Final = 5


def services(settings: GatewaySettings) -> dict[str, Node]:
    """All of them by name."""
    return {
        "auth": _server(settings.auth_url, "upstreams"),
        "core": _server(settings.core_url, "upstreams"),
        POLICY_SERVICE: _server(settings.policy_url, "policy", checked=False),
        # Whoever of the three is there tells what is wrong.
        PROBLEM_SERVICE: _failover(POLICY_SERVICE, f"{PROBLEM_SERVICE}-of-services"),
        f"{PROBLEM_SERVICE}-of-services": _failover("auth", "core"),
    }


def servers_transports(settings: GatewaySettings) -> dict[str, Node]:
    """How connections to services and to the policy are made."""
    timeouts: dict[str, Node] = {
        "dialTimeout": _milliseconds(settings.connect_seconds),
        "responseHeaderTimeout": _milliseconds(settings.response_seconds),
        "idleConnTimeout": "30s",
    }
    common: dict[str, Node] = {"maxIdleConnsPerHost": 200, "forwardingTimeouts": timeouts}
    policy: dict[str, Node] = {}
    if settings.policy_ca is not None:
        policy["rootCAs"] = [str(settings.policy_ca)]
    if settings.policy_client_certificate is not None:
        shown = {
            "certFile": str(settings.policy_client_certificate),
            "keyFile": str(settings.policy_client_key),
        }
        policy["certificates"] = [shown]
    return {"upstreams": common, "policy": common | policy}


def _server(url: str, transport: str, *, checked: bool = True) -> Node:
    balancer: dict[str, Node] = {
        "servers": [{"url": url.rstrip("/")}],
        "serversTransport": transport,
        "passHostHeader": True,
    }
    if checked:
        # Readiness, not liveness: a replica that drains gets nothing new.
        balancer["healthCheck"] = {
            "path": "/readyz",
            "interval": "1s",
            "unhealthyInterval": "500ms",
            "timeout": "2s",
        }
        # The circuit breaker (ADR 0013): so many failures in a row, and the service is left alone
        # until a check finds it ready.
        balancer["passiveHealthCheck"] = {
            "maxFailedAttempts": FAILURES,
            "failureWindow": f"{FAILURE_SECONDS}s",
        }
    return {"loadBalancer": balancer}


def _failover(main: str, fallback: str) -> Node:
    errors: dict[str, Node] = {"status": ["500-599"], "maxRequestBodyBytes": 1024}
    return {"failover": {"service": main, "fallback": fallback, "errors": errors}}


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
