"""Configurations of the servers that the gateway is compared with, as short as they can be fair."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from common.access_tokens import USER_AUDIENCE
from testkit.gateway.issuer import ISSUER

# 100 bytes of JSON: what a small read answers.
_ANSWER: Final = json.dumps({"items": ["x" * 86]})


@dataclass(frozen=True, slots=True)
class Nginx:
    """One nginx, with its configuration in its own directory."""

    directory: Path
    port: int

    def write(self, server: str, outside: str = "") -> list[str]:
        """Write the configuration; the command that runs it."""
        self.directory.mkdir()
        (self.directory / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {self.directory}/pid; error_log stderr error;\n"
            "events { worker_connections 4096; }\n"
            "http { access_log off; keepalive_requests 1000000;\n"
            f"client_body_temp_path {self.directory}/body; proxy_temp_path {self.directory}/proxy;"
            f" fastcgi_temp_path {self.directory}/f; uwsgi_temp_path {self.directory}/u;"
            f" scgi_temp_path {self.directory}/s;\n{outside}\n"
            f"server {{ listen 127.0.0.1:{self.port} backlog=4096;\n{server}\n}} }}\n"
        )
        return ["-p", str(self.directory), "-c", str(self.directory / "nginx.conf")]


def origin(jwks: str) -> str:
    """The upstream of every comparison."""
    return (
        f"default_type application/json;\nlocation / {{ return 200 '{_ANSWER}'; }}\n"
        f"location = /.well-known/jwks.json {{ return 200 '{jwks}'; }}"
    )


def _pool(name: str, port: int) -> str:
    # keepalive_requests is 1,000 by default, and counts against a benchmark that runs for longer.
    return (
        f"upstream {name} {{ server 127.0.0.1:{port}; keepalive 128; "
        "keepalive_requests 1000000; }\n"
    )


_KEEPALIVE: Final = 'proxy_http_version 1.1; proxy_set_header Connection "";'


def nginx_plain(upstream: int) -> tuple[str, str]:
    """A plain reverse proxy."""
    return f"location / {{ proxy_pass http://origin; {_KEEPALIVE} }}", _pool("origin", upstream)


def nginx_auth_request(upstream: int, policy: int) -> tuple[str, str]:
    """`auth_request` to the policy service over HTTP/1.1, its verdict's headers handed on."""
    server = (
        f"location / {{ auth_request /_verify; "
        "auth_request_set $assertion $upstream_http_x_gateway_assertion; "
        f"proxy_pass http://origin; {_KEEPALIVE} "
        "proxy_set_header X-Gateway-Assertion $assertion; }\n"
        f"location = /_verify {{ internal; proxy_pass http://policy/verify/core-read; {_KEEPALIVE} "
        "proxy_pass_request_body off; proxy_set_header Content-Length ''; "
        "proxy_set_header X-Forwarded-Method $request_method; "
        "proxy_set_header X-Forwarded-Uri $request_uri; "
        "proxy_set_header X-Forwarded-For $remote_addr; }"
    )
    return server, _pool("origin", upstream) + _pool("policy", policy)


def traefik_plain(directory: Path, port: int, upstream: int) -> Path:
    """Traefik as a plain reverse proxy; the path of its static configuration."""
    directory.mkdir()
    service = {"loadBalancer": {"servers": [{"url": f"http://127.0.0.1:{upstream}"}]}}
    router = {"rule": "PathPrefix(`/`)", "service": "origin", "entryPoints": ["web"]}
    _write(directory / "dynamic.yml", {"http": {"routers": {"all": router},
                                                 "services": {"origin": service}}})  # fmt: skip
    static = {
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        "entryPoints": {"web": {"address": f"127.0.0.1:{port}"}},
        "providers": {"file": {"filename": str(directory / "dynamic.yml"), "watch": False}},
        "log": {"level": "ERROR"},
    }
    _write(directory / "traefik.yml", static)
    return directory / "traefik.yml"


def envoy_jwt(path: Path, port: int, upstream: int, jwks: str) -> None:
    """Envoy that verifies tokens itself: no revocation, no quotas, no identity for the upstream."""
    provider = {
        "issuer": ISSUER,
        "audiences": [USER_AUDIENCE],
        "local_jwks": {"inline_string": jwks},
    }
    jwt = {
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": _envoy("extensions.filters.http.jwt_authn.v3.JwtAuthentication"),
            "providers": {"masijala": provider},
            "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "masijala"}}],
        },
    }
    router = {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": _envoy("extensions.filters.http.router.v3.Router")},
    }
    route = {"match": {"prefix": "/"}, "route": {"cluster": "origin"}}
    manager = {
        "@type": _envoy("extensions.filters.network.http_connection_manager.v3"
                        ".HttpConnectionManager"),
        "stat_prefix": "edge",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [jwt, router],
    }  # fmt: skip
    chain = {"filters": [{"name": "http", "typed_config": manager}]}
    endpoint = {"endpoint": {"address": _address(upstream)}}
    cluster = {
        "name": "origin",
        "type": "STATIC",
        "load_assignment": {
            "cluster_name": "origin",
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
        # The default of 1,024 requests is below what 64 connections may pipeline.
        "circuit_breakers": {"thresholds": [{"max_requests": 8192}]},
    }
    listener = {"name": "web", "address": _address(port), "filter_chains": [chain]}
    _write(path, {"static_resources": {"listeners": [listener], "clusters": [cluster]}})


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def _envoy(name: str) -> str:
    return f"type.googleapis.com/envoy.{name}"


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content))  # JSON is YAML
