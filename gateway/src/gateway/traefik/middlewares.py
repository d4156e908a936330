"""Traefik's middlewares: who may read answers, what no client may say, the policy, failures."""

from typing import Any, Final

from gateway.policy.cors import EXPOSED, MAX_AGE_SECONDS, METHODS
from gateway.policy.origins import split_origins
from gateway.policy.quota_table import BY_ADDRESS
from gateway.routes import BodyClass, Route, Upstream
from gateway.settings import GatewaySettings
from gateway.traefik.services import POLICY, PROBLEMS, UNAVAILABLE

# The largest body that the policy answers: a problem. Traefik takes memory for so much each time.
POLICY_ANSWER_BYTES: Final = 8192
# All that the policy reads of a client's headers; Traefik adds `X-Forwarded-*` by itself.
_JUDGED: Final = (
    *("Authorization", "Origin", "Sec-Websocket-Key"),
    *("X-Request-Id", "Traceparent", "Tracestate"),
)
# Cookies only where quotas are by address: there the policy looks for a known device.
_JUDGED_BY_ADDRESS: Final = (*_JUDGED, "Cookie")
# After the verdict nothing that these name is left of what the client has sent; the assertion, the
# policy's only header, takes its place. No list could name them all, and an anchored expression
# without (?i), as names are canonical by then, costs hardly more (docs/performance.md).
_CLAIMS: Final = "^X-(Gateway|User|Auth|Forwarded)-"
_CARRIED: Final = ("X-Request-Id", "Traceparent", "Tracestate")
# Claims of identity by name, for routes that ask no policy; the policy reads Authorization itself.
# The first two would otherwise be believed in place of the request's own, from a trusted proxy.
_CLAIMED: Final = (
    *("X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-User", "X-Forwarded-Email"),
    *("X-Forwarded-Groups", "X-Forwarded-Prefix", "X-Forwarded-Access-Token"),
    *("X-Gateway-Assertion", "X-User", "X-User-Id", "X-User-Roles", "X-Auth-Request-User"),
    "Proxy-Authorization",
    *("Cf-Connecting-Ip", "Client-Ip", "Fastly-Client-Ip", "Forwarded", "True-Client-Ip", "Via"),
    *("X-Client-Ip", "X-Cluster-Client-Ip", "X-Real-Ip", "X-Original-Host", "X-Original-Method"),
    *("X-Original-Uri", "X-Original-Url", "X-Rewrite-Url", "X-Http-Method"),
    *("X-Http-Method-Override", "X-Method-Override"),
)
_NOT_THE_SERVICES: Final = (
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
)

Node = dict[str, Any]
# Text that grows with its rows; never a stream of events, which would wait in a buffer.
_COMPRESSION: Final[Node] = {
    "encodings": ["zstd", "br", "gzip"],
    "includedContentTypes": [
        *("application/json", "application/problem+json", "application/x-ndjson", "text/csv"),
        *("text/html", "text/css", "text/javascript", "application/javascript"),
    ],
}
Middlewares = dict[str, Node]


def verify_name(route: Route) -> str:
    """The ForwardAuth middleware of a row."""
    return f"verify-{route.name}"


def too_large_name(body: BodyClass) -> str:
    """The middleware that sends a request to the page for too large a body."""
    return f"too-large-{body.value}"


def limit_name(body: BodyClass) -> str:
    """The middleware that reads a body to its end, or to the limit, before it goes on."""
    return f"limit-{body.value}"


def middlewares(settings: GatewaySettings) -> Middlewares:
    """All of them by name."""
    verified = [row for row in settings.routes if row.upstream is not Upstream.GATEWAY]
    return {
        "cors": {"headers": _cors(settings)},
        "strip": {
            "headers": {
                "customRequestHeaders": dict.fromkeys(sorted(_CLAIMED), ""),
                "customResponseHeaders": {"Server": ""},
            }
        },
        "compress": {"compress": _COMPRESSION},
        **_failures(),
        **{verify_name(row): {"forwardAuth": _forward_auth(settings, row)} for row in verified},
        "retry": {"retry": {"attempts": 2, "initialInterval": "50ms"}},
        "to-https": {
            "redirectScheme": {
                "scheme": "https",
                "port": str(settings.https_public_port),
                "permanent": True,
            }
        },
        "edge-page": {"addPrefix": {"prefix": "/edge"}},
        UNAVAILABLE: {"replacePath": {"path": "/unavailable"}},
        "plain-page": {"replacePath": {"path": "/plain"}},
        **{
            too_large_name(each): {"replacePath": {"path": f"/too-large/{each.value}"}}
            for each in BodyClass
        },
        **{limit_name(each): _limit(settings, each) for each in BodyClass},
    }


def _limit(settings: GatewaySettings, body: BodyClass) -> Node:
    """In memory as far as an ordinary body goes; what is larger lies in a temporary file."""
    return {
        "buffering": {
            "maxRequestBodyBytes": settings.body_bytes(body),
            "memRequestBodyBytes": settings.json_body_bytes + 1,
        }
    }


def _failures() -> Middlewares:
    """Problems in place of what Traefik says by itself, each with its `Retry-After`."""
    return {
        # 500 is what ForwardAuth answers while the policy is unavailable.
        "policy-unavailable": {
            "errors": {
                "status": ["500"],
                "statusRewrites": {"500": 503},
                "service": PROBLEMS,
                "query": "/problem/policy",
            }
        },
        # Here Traefik speaks with the policy itself, whose own 503 says which part is unavailable.
        "page-unavailable": {
            "errors": {
                "status": ["502", "504"],
                "statusRewrites": {"502": 503, "504": 503},
                "service": PROBLEMS,
                "query": "/problem/policy",
            }
        },
        "upstream-unavailable": {
            "errors": {
                "status": ["500", "502", "504"],
                "statusRewrites": {"500": 502},
                "service": PROBLEMS,
                "query": "/problem/{originalStatus}",
            }
        },
        # Of Traefik's question to itself: what ForwardAuth takes for a policy that is unavailable.
        "replica-unavailable": {
            "errors": {
                "status": ["502", "504"],
                "statusRewrites": {"502": 500, "504": 500},
                "service": POLICY,
                "query": "/problem/policy",
            }
        },
        "body-too-large": {
            "errors": {"status": ["413"], "service": PROBLEMS, "query": "/problem/413"}
        },
    }


def _cors(settings: GatewaySettings) -> Node:
    exact, patterns = split_origins(settings.allowed_origins)
    rules: Node = {
        "addVaryHeader": True,
        # What a service says is taken away first: permissions are the edge's to give.
        "customResponseHeaders": dict.fromkeys(_NOT_THE_SERVICES, ""),
    }
    if settings.hsts_seconds:
        rules |= {"stsSeconds": settings.hsts_seconds, "stsIncludeSubdomains": False}
    if not settings.allowed_origins:
        return rules
    return rules | {
        "accessControlAllowOriginList": exact,
        "accessControlAllowOriginListRegex": patterns,
        "accessControlAllowCredentials": settings.allow_credentials,
        "accessControlAllowMethods": list(METHODS),
        "accessControlAllowHeaders": list(settings.cors_request_headers),
        "accessControlExposeHeaders": list(EXPOSED),
        "accessControlMaxAge": MAX_AGE_SECONDS,
    }


def _forward_auth(settings: GatewaySettings, route: Route) -> Node:
    own = () if route.forwards_authorization else ("Authorization",)
    balancer = settings.policy_balancer_port
    policy = settings.policy_url.rstrip("/") if balancer is None else f"http://127.0.0.1:{balancer}"
    judged = _JUDGED_BY_ADDRESS if route.rate in BY_ADDRESS else _JUDGED
    shows_page = route.refusal_page is not None
    rules: Node = {
        # The row is in the address, so that nothing in the request can choose another.
        "address": f"{policy}/verify/{route.name}",
        # What the entry point has left of X-Forwarded-For comes from a trusted proxy.
        "trustForwardHeader": bool(settings.trusted_proxies),
        "authRequestHeaders": [*judged, *(["Accept"] if shows_page else [])],
        "authResponseHeaders": [*_CARRIED, *own],
        "authResponseHeadersRegex": _CLAIMS,
        "maxResponseBodySize": POLICY_ANSWER_BYTES,
        "forwardBody": False,
        # Else Traefik writes the policy's own address before it.
        **({"preserveLocationHeader": True} if shows_page else {}),
    }
    tls = _policy_tls(settings)
    return rules | ({"tls": tls} if tls and balancer is None else {})


def _policy_tls(settings: GatewaySettings) -> Node:
    files = {
        "ca": settings.policy_ca,
        "cert": settings.policy_client_certificate,
        "key": settings.policy_client_key,
    }
    return {name: str(path) for name, path in files.items() if path is not None}
