"""The configuration of the gateway: one frozen object, from the environment, under `GATEWAY_`."""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from common.redis_urls import RedisUrl
from common.settings import StrongSecret
from gateway.policy.addresses import Network
from gateway.policy.origins import REGEX
from gateway.policy.quota_table import QuotaTable
from gateway.policy.quotas import Quota, QuotaPolicy
from gateway.policy.step_up import OPERATION
from gateway.routes import DEFAULT_ROUTES, BodyClass, RateClass, Route
from gateway.traefik_settings import TraefikSettings

MEBIBYTE: Final = 1024 * 1024
REQUEST_HEADERS: Final = (
    *("Accept", "Accept-Language", "Authorization", "Content-Type", "Idempotency-Key"),
    *("If-Match", "If-None-Match", "Last-Event-ID", "Cache-Control", "Pragma"),
    *("X-CSRF", "X-Request-ID", "X-Requested-With"),
    *("baggage", "sentry-trace", "traceparent", "tracestate"),
)
_EXACT_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.:\[\]-]+")
_ROUTE_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")
# A regex may hold commas, so the list splits only where the next origin plainly begins.
_ORIGIN_COMMA: Final = re.compile(r",\s*(?=regex:|\*|[a-z][a-z0-9+.-]*://)")


def _split_origins(value: Any) -> Any:
    return (
        [part for part in _ORIGIN_COMMA.split(value.strip()) if part]
        if isinstance(value, str)
        else value
    )


def _split(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    def split(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(parse(part.strip()) for part in value.split(",") if part.strip())

    return split


def _check_origin(origin: str) -> str:
    if origin.startswith(REGEX):
        pattern = origin.removeprefix(REGEX)
        if not (pattern.startswith("^") and pattern.endswith("$")):
            raise ValueError(f"{origin!r}: anchor the expression with ^ and $")
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{origin!r} is no regular expression: {error}") from error
    elif origin != "*" and _EXACT_ORIGIN.fullmatch(origin) is None:
        raise ValueError(
            f"{origin!r} is no origin: write scheme://host[:port] in lower case, no path"
        )
    return origin


def _check_operation(operation: str) -> str:
    if OPERATION.fullmatch(operation) is None:
        raise ValueError(f"{operation!r}: write METHOD /path, as the OpenAPI does")
    return operation


HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Origin = Annotated[str, AfterValidator(_check_origin)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_split_origins)]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_split(ip_network))]
NetworkQuotaName = Literal["ip", "login", "token"]
Names = Annotated[tuple[HeaderName, ...], NoDecode, BeforeValidator(_split(str))]
Operation = Annotated[str, AfterValidator(_check_operation)]
# An empty variable counts as unset, so that there must be a word for no operation.
Operations = Annotated[
    tuple[Operation, ...] | None,
    NoDecode,
    BeforeValidator(lambda value: () if value == "none" else _split(str)(value)),
]
OptionalQuota = Annotated[Quota | None, NoDecode, BeforeValidator(Quota.parse)]


class GatewaySettings(TraefikSettings):
    """All settings of the gateway. Quotas are written `requests/seconds` or `off`."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    port: int = Field(default=8080, ge=1, le=65535, description="port that clients reach")
    redis_url: RedisUrl = Field(
        default="redis://127.0.0.1:6379/0",
        description="Redis or Valkey of revocations and quotas, or redis+sentinel://host:26379,host:26379/service/0",
    )
    redis_timeout_seconds: float = Field(
        default=0.15, gt=0, le=5, description="how long a request waits for Redis at most"
    )
    auth_url: str = Field(default="http://127.0.0.1:8081", description="the auth service")
    core_url: str = Field(default="http://127.0.0.1:8082", description="the core service")
    issuer: str = Field(
        default="http://127.0.0.1:8080", description="issuer of access tokens; same as AUTH_ISSUER"
    )
    jwks_file: Path | None = Field(
        default=None, description="copy of the issuer's keys, for a start while auth is unavailable"
    )
    assertion_secret: StrongSecret = Field(
        description="secret from which each service's assertion key is derived"
    )
    allowed_origins: Origins = Field(
        default=(), description="frontends' origins: exact, or regex:^…$, comma-separated"
    )
    cors_request_headers: Names = Field(
        default=REQUEST_HEADERS, description="headers that pages of these origins may send"
    )
    allow_credentials: bool = Field(
        default=True, description="whether browsers may send credentials across origins"
    )
    trusted_proxies: Networks = Field(
        default=(), description="networks whose X-Forwarded-For is believed"
    )
    allowed_addresses: Networks = Field(
        default=(), description="networks that alone may call; none means all"
    )
    denied_addresses: Networks = Field(default=(), description="networks that may not call")
    quota_user: OptionalQuota = Field(default=Quota(600), description="per signed-in user")
    quota_ip: OptionalQuota = Field(default=Quota(1200), description="per address (IPv6: per /64)")
    quota_login: OptionalQuota = Field(
        default=Quota(30), description="sign-in and password reset, per address"
    )
    quota_token: OptionalQuota = Field(
        default=Quota(120), description="refresh and service tokens, per address"
    )
    quota_write: OptionalQuota = Field(default=Quota(300), description="changes, per user")
    quota_read: OptionalQuota = Field(default=None, description="reads, per user")
    quota_upload: OptionalQuota = Field(default=Quota(30), description="uploads, per user")
    network_quotas: Mapping[Network, Mapping[NetworkQuotaName, OptionalQuota]] = Field(
        default={},
        description="quotas of the addresses in a network, as JSON: "
        '{"10.20.0.0/16": {"ip": "6000/60", "login": "300/60", "token": "1200/60"}}',
    )
    quota_login_degraded: Annotated[Quota, NoDecode, BeforeValidator(Quota.parse)] = Field(
        default=Quota(10), description="sign-in per address and replica while Redis is unavailable"
    )
    step_up_operations: Operations = Field(
        default=None,
        description=(
            "operations that users may do only with a second factor shown a short time ago, as in"
            " DELETE /api/v1/users/{user_id}/factors,POST /api/v1/service-clients; or none. By"
            " default those that give access to others, of users who have a second factor"
        ),
    )
    step_up_seconds: int = Field(
        default=300, ge=0, description="how short that time is; 0 means ever in the session"
    )
    maintenance: str | None = Field(
        default=None,
        max_length=500,
        description="while it is set, all but administrators get 503 with this text",
    )
    maintenance_seconds: int = Field(
        default=300, gt=0, description="Retry-After of maintenance, in seconds"
    )
    replicas: int = Field(
        default=1,
        ge=1,
        description="policy services that share the quotas while Redis is unavailable",
    )
    console: Path | None = Field(
        default=None, description="folder with the built console, which is then served at /"
    )
    json_body_bytes: int = Field(default=MEBIBYTE, gt=0, description="largest ordinary body")
    upload_body_bytes: int = Field(default=256 * MEBIBYTE, gt=0, description="largest upload")
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="port for /metrics, never public; none means none"
    )
    metrics_host: str = Field(default="127.0.0.1", description="address for /metrics")
    routes: tuple[Route, ...] = Field(
        default=DEFAULT_ROUTES, description="the route table, as JSON; the default is the product's"
    )

    @model_validator(mode="after")
    def _no_wildcard_with_credentials(self) -> Self:
        if "*" in self.allowed_origins and self.allow_credentials:
            raise ValueError(
                "GATEWAY_ALLOWED_ORIGINS: * cannot be combined with credentials; name the origins"
            )
        return self

    @model_validator(mode="after")
    def _route_names(self) -> Self:
        # Names are parts of addresses and of Traefik's configuration.
        names = [route.name for route in self.routes]
        wrong = {name for name in names if _ROUTE_NAME.fullmatch(name) is None}
        wrong |= {name for name in names if names.count(name) > 1}
        if wrong:
            raise ValueError(f"GATEWAY_ROUTES: bad or repeated name: {', '.join(sorted(wrong))}")
        return self

    def body_bytes(self, body: BodyClass) -> int:
        """How large a body of this class may be."""
        return self.upload_body_bytes if body is BodyClass.UPLOAD else self.json_body_bytes

    def class_quotas(self) -> dict[RateClass, Quota]:
        """The quota of each class that has one."""
        quotas = {
            RateClass.LOGIN: self.quota_login,
            RateClass.TOKEN: self.quota_token,
            RateClass.WRITE: self.quota_write,
            RateClass.READ: self.quota_read,
            RateClass.UPLOAD: self.quota_upload,
        }
        return {name: quota for name, quota in quotas.items() if quota is not None}


def quota_table(settings: GatewaySettings) -> QuotaTable:
    """The quotas as configured."""
    return QuotaTable(
        user=_named("user", settings.quota_user),
        ip=_named("ip", settings.quota_ip),
        classes={
            name.value: QuotaPolicy(name.value, quota)
            for name, quota in settings.class_quotas().items()
        },
        networks={
            network: {name: _named(name, quota) for name, quota in quotas.items()}
            for network, quotas in settings.network_quotas.items()
        },
    )


def local_policies(settings: GatewaySettings, table: QuotaTable) -> dict[QuotaPolicy, QuotaPolicy]:
    """This replica's share of each policy while Redis is unavailable."""
    return {policy: _local(settings, policy) for policy in table.policies}


def _local(settings: GatewaySettings, policy: QuotaPolicy) -> QuotaPolicy:
    if policy.name != RateClass.LOGIN:
        return QuotaPolicy(policy.name, policy.quota.scaled(1 / settings.replicas))
    # Sign-in is limited more strictly; a network that may sign in more often may do so here too.
    usual = settings.quota_login or policy.quota
    part = policy.limit / usual.limit
    return QuotaPolicy(policy.name, settings.quota_login_degraded.scaled(part))


def _named(name: str, quota: Quota | None) -> QuotaPolicy | None:
    return QuotaPolicy(name, quota) if quota is not None else None
