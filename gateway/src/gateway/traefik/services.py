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
# How long an answer to a health check may take: of servers that are preferred, and of those that
# serve while there is no better one. On a busy machine an answer may be late by seconds.
PROMPT: Final = "2s"
LATE: Final = "10s"
Node = dict[str, Any]
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
        UNAVAILABLE: {**_unchecked(servers[POLICY], POLICY), "middlewares": [UNAVAILABLE]},
        # Unchecked: Traefik's own 503 would look like the policy's, which is an answer.
        POLICY: _unchecked(servers[POLICY], POLICY),
        **(_policy_replicas(servers) if settings.policy_balancer_port is not None else {}),
        # Whichever of the three can answer says what is wrong.
        PROBLEMS: _failover(POLICY, f"{PROBLEMS}-of-services"),
        f"{PROBLEMS}-of-services": _failover("auth-servers", "core-servers"),
        **_preflights(settings, servers),
    }


def _service(name: str, servers: Servers) -> Node:
    """A service's servers; while none of them can serve, the policy service answers.

    So a 503 that comes from a server is its own, and reaches the client as it is.
    """
    return _ready(name, servers[name], "upstreams", UNAVAILABLE)


def _policy_replicas(servers: Servers) -> Node:
    """Those that are ready; while none is, all of them, whose refusals say what is wrong."""
    return _ready(POLICY_REPLICAS, servers[POLICY], POLICY, POLICY)


def _ready(name: str, servers: Sequence[str], transport: str, fallback: str) -> Node:
    """The servers that are ready; while none says so in time, those that say so late.

    One that drains or has lost its database says no at once, and is in neither group.
    """
    prompt, late = f"{name}-prompt", f"{name}-late"
    either = {"service": prompt, "fallback": late, "healthCheck": {}}
    return {
        name: {"failover": {"service": f"{name}-servers", "fallback": fallback}},
        f"{name}-servers": {"failover": either},
        **_checked(prompt, servers, transport, PROMPT),
        **_checked(late, servers, transport, LATE),
    }


def _checked(name: str, servers: Sequence[str], transport: str, timeout: str) -> Node:
    """The servers whose `/readyz` answers within `timeout`.

    Each is alone in its balancer: Traefik checks those of one balancer one after the other, so that
    a late answer would delay the news that another server drains.
    """
    # Readiness, not liveness: a replica that drains gets nothing new.
    check = {"path": "/readyz", "interval": "1s", "unhealthyInterval": "500ms", "timeout": timeout}
    each = {
        f"{name}-{number}": {"loadBalancer": _balancer([url], transport) | {"healthCheck": check}}
        for number, url in enumerate(servers, start=1)
    }
    together = {"services": [{"name": one} for one in each], "healthCheck": {}}
    return {name: {"weighted": together}, **each}


def _preflights(settings: GatewaySettings, servers: Servers) -> Node:
    """The policy answers preflights; without it `cors` does, with the same for every path."""
    if not settings.allowed_origins:
        return {PREFLIGHTS: _unchecked(servers[POLICY], POLICY)}
    fallback = f"{PREFLIGHTS}-by-traefik"
    return {
        PREFLIGHTS: _failover(POLICY, fallback),
        # `cors` answers all of them itself, and asks no server.
        fallback: {**_unchecked(servers["auth"], "upstreams"), "middlewares": ["cors"]},
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


def _unchecked(servers: Sequence[str], transport: str) -> Node:
    return {"loadBalancer": _balancer(servers, transport)}


def _balancer(servers: Sequence[str], transport: str) -> Node:
    return {
        "servers": [{"url": url} for url in servers],
        "serversTransport": transport,
        "passHostHeader": True,
    }


def _failover(main: str, fallback: str) -> Node:
    errors = {"status": ["500-599"], "maxRequestBodyBytes": 1024}
    return {"failover": {"service": main, "fallback": fallback, "errors": errors}}


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
