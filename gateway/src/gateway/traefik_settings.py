"""The settings of Traefik: where it finds the policy and the services, TLS, and its limits."""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_settings import NoDecode

from common.settings import ServiceSettings


def split_urls(value: Any) -> Any:
    """The addresses of a comma-separated list, without a slash at their end."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())


Urls = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_urls)]


class TraefikSettings(ServiceSettings):
    """The part of the gateway's settings for `serve-policy` and `render-traefik`."""

    policy_port: int = Field(
        default=8083, ge=1, le=65535, description="port of the policy service, for Traefik alone"
    )
    policy_url: str = Field(
        default="http://127.0.0.1:8083", description="where Traefik finds the policy service"
    )
    policy_balancer_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description=(
            "Traefik's port for itself, through which it asks the replicas of the policy service in"
            " turn; none means that there is one policy service"
        ),
    )
    policy_certificate: Path | None = Field(
        default=None, description="the policy service's certificate: TLS, and with it HTTP/2"
    )
    policy_key: Path | None = Field(default=None, description="its private key, PKCS#8")
    policy_ca: Path | None = Field(
        default=None, description="certificates by which Traefik knows the policy service"
    )
    policy_client_ca: Path | None = Field(
        default=None, description="whose clients alone the policy service answers (mutual TLS)"
    )
    policy_client_certificate: Path | None = Field(
        default=None, description="what Traefik shows to the policy service"
    )
    policy_client_key: Path | None = Field(default=None, description="its private key")
    https_port: int | None = Field(
        default=None, ge=1, le=65535, description="Traefik's HTTPS port; then HTTP redirects to it"
    )
    https_public_port: int = Field(
        default=443, ge=1, le=65535, description="the HTTPS port as clients see it"
    )
    https_certificate: Path | None = Field(default=None, description="Traefik's certificate")
    https_key: Path | None = Field(default=None, description="its private key")
    hsts_seconds: int = Field(
        default=0, ge=0, description="how long browsers insist on HTTPS (HSTS); 0 means no promise"
    )
    traefik_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Traefik's own port for /ping and /metrics, never public; none means none",
    )
    auth_servers: Urls = Field(
        default=(), description="auth's replicas, comma-separated; none means GATEWAY_AUTH_URL"
    )
    core_servers: Urls = Field(
        default=(), description="core's replicas, comma-separated; none means GATEWAY_CORE_URL"
    )
    header_bytes: int = Field(default=32 * 1024, gt=0, description="largest header block")
    request_seconds: int = Field(
        default=300, gt=0, description="time a client has to send a whole request"
    )
    write_seconds: int = Field(
        default=600,
        gt=0,
        description="time from a request's headers to the last byte of its answer",
    )
    idle_seconds: float = Field(
        default=75.0, gt=0, description="how long a connection may be idle between requests"
    )
    connect_seconds: float = Field(default=1.0, gt=0, description="time to reach a service")
    response_seconds: float = Field(
        default=30.0, gt=0, description="time a service has to begin its answer"
    )

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        for name in ("policy", "https", "policy_client"):
            given = [getattr(self, f"{name}_{part}") is None for part in ("certificate", "key")]
            if len(set(given)) != 1:
                raise ValueError(f"{name}_certificate and {name}_key belong together")
        if self.https_port is not None and self.https_certificate is None:
            raise ValueError("https_port needs https_certificate and https_key")
        return self
