"""Where Traefik sends requests, how it tells that a server is well, and how long it waits."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from gateway.settings import GatewaySettings

POLICY: Final = "policy"
POLICY_REPLICAS: Final = "policy-replicas"
BALANCER: Final = "balancer"
PROBLEMS: Final = "problems"
PREFLIGHTS: Final = "preflights"
UNAVAILABLE: Final = "unavailable"
Node = dict[str, Any]
HEALTH: Final[Node] = {
    # Readiness, not liveness: a replica that drains gets nothing new.
    "healthCheck": {
        "path": "/readyz",
        "interval": "1s",
        "unhealthyInterval": "500ms",
        "timeout": "2s",
    },
}
Servers = Mapping[str, Sequence[str]]


def servers_of(settings: GatewaySettings) -> Servers:
    """Each service's servers as configured."""
    return {
        "auth": settings.auth_servers or (settings.auth_url.rstrip("/"),),
        "core": settings.core_servers or (settings.core_url.rstrip("/"),),
        POLICY: (settings.policy_url.rstrip("/"),),
    }


def services(settings: GatewaySettings, servers: Servers) -> Node:
    """All of them by name."""
    return {
        **_service("auth", servers),
        **_service("core", servers),
        UNAVAILABLE: {**_balancer(servers[POLICY], POLICY), "middlewares": [UNAVAILABLE]},
        POLICY: _balancer(servers[POLICY], POLICY),
        **(_policy_replicas(servers) if settings.policy_balancer_port is not None else {}),
        # Whichever of the three can answer says what is wrong.
        PROBLEMS: _failover(POLICY, f"{PROBLEMS}-of-services"),
        f"{PROBLEMS}-of-services": _failover("auth-servers", "core-servers"),
        **_preflights(settings, servers),
    }


def _service(name: str, servers: Servers) -> Node:
    """A service's servers; while none of them is ready, the policy service answers.

    So a 503 that comes from a server is its own, and reaches the client as it is.
    """
    ready = f"{name}-servers"
    return {
        name: {"failover": {"service": ready, "fallback": UNAVAILABLE}},
        ready: _balancer(servers[name], "upstreams"),
    }


def _policy_replicas(servers: Servers) -> Node:
    """Those that are ready; while none is, all of them, whose refusals say what is wrong."""
    ready = f"{POLICY_REPLICAS}-ready"
    checked = _balancer(servers[POLICY], POLICY)
    checked["loadBalancer"] |= HEALTH
    return {
        POLICY_REPLICAS: {"failover": {"service": ready, "fallback": POLICY}},
        ready: checked,
    }


def _preflights(settings: GatewaySettings, servers: Servers) -> Node:
    """The policy answers preflights; without it `cors` does, with the same for every path."""
    if not settings.allowed_origins:
        return {PREFLIGHTS: _balancer(servers[POLICY], POLICY)}
    fallback = f"{PREFLIGHTS}-by-traefik"
    return {
        PREFLIGHTS: _failover(POLICY, fallback),
        fallback: {**_balancer(servers["auth"], "upstreams"), "middlewares": ["cors"]},
    }


def servers_transports(settings: GatewaySettings) -> Node:
    """How connections to services and to the policy are made."""
    common: Node = {
        "maxIdleConnsPerHost": 200,
        "forwardingTimeouts": {
            "dialTimeout": _milliseconds(settings.connect_seconds),
            "responseHeaderTimeout": _milliseconds(settings.response_seconds),
            "idleConnTimeout": "30s",
        },
    }
    # Its certificate has the name, while its servers may be listed by their addresses.
    policy: Node = {"serverName": urlsplit(settings.policy_url).hostname}
    if settings.policy_ca is not None:
        policy["rootCAs"] = [str(settings.policy_ca)]
    if settings.policy_client_certificate is not None:
        shown = {
            "certFile": str(settings.policy_client_certificate),
            "keyFile": str(settings.policy_client_key),
        }
        policy["certificates"] = [shown]
    return {"upstreams": common, POLICY: common | policy}


def _balancer(servers: Sequence[str], transport: str) -> Node:
    balancer: Node = {
        "servers": [{"url": url} for url in servers],
        "serversTransport": transport,
        "passHostHeader": True,
    }
    if transport == POLICY:
        # Unchecked: Traefik's own 503 would look like the policy's, which is an answer.
        return {"loadBalancer": balancer}
    return {"loadBalancer": balancer | HEALTH}


def _failover(main: str, fallback: str) -> Node:
    errors = {"status": ["500-599"], "maxRequestBodyBytes": 1024}
    return {"failover": {"service": main, "fallback": fallback, "errors": errors}}


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
