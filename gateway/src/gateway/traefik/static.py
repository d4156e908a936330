"""Traefik's static configuration: entry points, what they refuse, drain, logs, metrics."""

from typing import Any, Final

from common.stopping import STOP_SECONDS
from common.tracing import traces_endpoint
from gateway.settings import GatewaySettings
from gateway.traefik.services import BALANCER

OWN: Final = "traefik"
LOOPBACK: Final = "127.0.0.1"
_REFUSED_BY_THE_POLICY: Final = (
    *("allowEncodedSlash", "allowEncodedBackSlash"),
    *("allowEncodedNullCharacter", "allowEncodedPercent"),
)
_LOGGED: Final = (
    *("StartUTC", "Duration", "ClientHost"),
    *("RequestMethod", "RequestScheme", "RequestHost", "RequestPath", "RequestProtocol"),
    *("DownstreamStatus", "DownstreamContentSize", "RouterName", "RetryAttempts"),
    *("ServiceName", "ServiceURL", "OriginStatus", "OriginDuration"),
)
Node = dict[str, Any]


def static(settings: GatewaySettings, dynamic_directory: str) -> Node:
    """What Traefik reads at its start."""
    own: Node = {}
    if settings.traefik_port is not None:
        own = {"ping": {"entryPoint": OWN, "terminatingStatusCode": 503}}
        own |= {"metrics": {"prometheus": {"entryPoint": OWN, "addRoutersLabels": True}}}
    return {
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        "entryPoints": _entry_points(settings),
        "providers": {"file": {"directory": dynamic_directory, "watch": True}},
        "log": {"level": settings.log_level, "format": "json"},
        "accessLog": _access_log(),
        **own,
        **_tracing(),
    }


def _entry_points(settings: GatewaySettings) -> Node:
    points: Node = {"web": _entry_point(settings, settings.port)}
    if settings.https_port is not None:
        points["web"] = {"address": f"{settings.host}:{settings.port}"}
        points["websecure"] = _entry_point(settings, settings.https_port, tls=True)
    if settings.traefik_port is not None:
        points[OWN] = {"address": f"{settings.host}:{settings.traefik_port}"}
    if settings.policy_balancer_port is not None:
        points[BALANCER] = _balancer_entry_point(settings, settings.policy_balancer_port)
    return points


def _balancer_entry_point(settings: GatewaySettings, port: int) -> Node:
    """Where Traefik asks itself; it believes what it says, and notes the request once."""
    return {
        "address": f"{LOOPBACK}:{port}",
        # What a client sends in its headers is sent on, with the address of the request.
        "http": {"maxHeaderBytes": 2 * settings.header_bytes},
        "forwardedHeaders": {"trustedIPs": [f"{LOOPBACK}/32"], "notAppendXForwardedFor": True},
        # It ends after the others, whose last requests need it.
        "transport": {
            "lifeCycle": {
                "requestAcceptGraceTimeout": f"{round(settings.drain_seconds * 1000) + 2000}ms",
                "graceTimeOut": f"{round(STOP_SECONDS)}s",
            }
        },
        "observability": {"accessLogs": False, "metrics": False, "tracing": False},
    }


def _entry_point(settings: GatewaySettings, port: int, *, tls: bool = False) -> Node:
    http: Node = {
        "middlewares": ["strip@file"],
        # A path is left as it came: the policy refuses what could mean another, with a problem;
        # Traefik's own refusal of an encoded character would have no body.
        "sanitizePath": False,
        "encodedCharacters": dict.fromkeys(_REFUSED_BY_THE_POLICY, True),
        # Else a parameter with a semicolon is dropped on the way.
        "encodeQuerySemicolons": True,
        # A harmless header with an underscore must not refuse the request.
        "aliasHeadersStrategy": "delete",
        "maxHeaderBytes": settings.header_bytes,
    }
    if tls:
        http["tls"] = {"options": "default"}
    return {
        "address": f"{settings.host}:{port}",
        "http": http,
        "forwardedHeaders": {
            "insecure": False,
            "trustedIPs": [str(network) for network in settings.trusted_proxies],
        },
        "transport": {
            # First /ping says 503 and all is served on; then nothing new, and what runs may end.
            "lifeCycle": {
                "requestAcceptGraceTimeout": f"{round(settings.drain_seconds * 1000)}ms",
                "graceTimeOut": f"{round(STOP_SECONDS)}s",
            },
            "respondingTimeouts": {
                "readTimeout": f"{settings.request_seconds}s",
                "writeTimeout": f"{settings.write_seconds}s",
                "idleTimeout": f"{round(settings.idle_seconds)}s",
            },
        },
    }


def _tracing() -> Node:
    """Spans to where the services send theirs."""
    endpoint = traces_endpoint()
    if endpoint is None:
        return {}
    return {"tracing": {"serviceName": "gateway", "otlp": {"http": {"endpoint": endpoint}}}}


def _access_log() -> Node:
    """What explains a request: all of Traefik's 30 fields cost a thirtieth of its time."""
    names: Node = {"X-Request-Id": "keep", "User-Agent": "keep"}
    fields: Node = {
        "defaultMode": "drop",
        "names": dict.fromkeys(_LOGGED, "keep"),
        # The ID is the policy's word, which the service repeats in its answer.
        "headers": {"defaultMode": "drop", "names": names},
    }
    return {"format": "json", "fields": fields}
