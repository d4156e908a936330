"""The composition root: the one module that names every concrete class of the gateway."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from prometheus_client import start_http_server

from common.access_tokens import USER_AUDIENCE, TokenRules
from common.assertions import AssertionMinter, derive_key
from common.clock import Clock, SystemClock
from common.health import Check, Health
from common.http_client import ServiceClient
from common.jwks import JwksKeys
from gateway.edge.access_log import AccessLog
from gateway.edge.app import Edge
from gateway.edge.cors import Cors
from gateway.edge.documents import Documents
from gateway.edge.handshakes import HandshakeRules
from gateway.edge.own_pages import VERSION, OwnPages
from gateway.edge.proxy import Proxy, ProxyLimits
from gateway.edge.spans import Spans
from gateway.edge.upstream_pool import UpstreamPool
from gateway.policy.addresses import AddressRules
from gateway.policy.checks import Checks
from gateway.policy.identity import Identity
from gateway.policy.policy import Policy
from gateway.policy.quotas import Quota, QuotaPolicy, QuotaTable
from gateway.policy.script import check_script
from gateway.policy.tokens import KeysAway, KeySource, TokenVerifier
from gateway.policy.trips import RedisTrips, connect
from gateway.policy_service.app import PolicyService
from gateway.policy_service.pages import ClientPages
from gateway.policy_service.verification import Verification
from gateway.routes import BodyClass, RateClass, RouteTable, Upstream
from gateway.settings import GatewaySettings

# A request may wait for an unknown key's fetch, so it is one short try; the refresh tries again.
JWKS_FETCH_SECONDS = 1.0


def quota_table(settings: GatewaySettings) -> QuotaTable:
    """The quotas as configured."""
    return QuotaTable(
        user=_named("user", settings.quota_user),
        ip=_named("ip", settings.quota_ip),
        classes={
            name.value: QuotaPolicy(name.value, quota)
            for name, quota in settings.class_quotas().items()
        },
    )


def local_policies(settings: GatewaySettings) -> dict[str, QuotaPolicy]:
    """This replica's share of each quota while Redis is away; sign-in is held stricter still."""
    table = quota_table(settings)
    policies = [table.user, table.ip, *table.classes.values()]
    local = {
        policy.name: QuotaPolicy(policy.name, policy.quota.divided(settings.replicas))
        for policy in policies
        if policy is not None
    }
    if RateClass.LOGIN in local:
        local[RateClass.LOGIN] = QuotaPolicy(RateClass.LOGIN.value, settings.quota_login_degraded)
    return local


def build_policy(
    settings: GatewaySettings, keys: KeySource, trips: RedisTrips, clock: Clock
) -> Policy:
    """The policy, for whichever edge."""
    secret = settings.assertion_secret.get_secret_value()
    audiences = (Upstream.AUTH.value, Upstream.CORE.value)
    minters = {name: AssertionMinter(name, derive_key(secret, name)) for name in audiences}
    return Policy(
        addresses=AddressRules(
            settings.trusted_proxies, settings.allowed_addresses, settings.denied_addresses
        ),
        tokens=TokenVerifier(TokenRules(settings.issuer, USER_AUDIENCE), keys, clock),
        quotas=quota_table(settings),
        checks=Checks(trips, local_policies(settings)),
        identity=Identity(minters, clock),
        clock=clock,
    )


@dataclass(frozen=True, slots=True)
class PolicyRuntime:
    """A policy with the connections that it lives on."""

    policy: Policy
    keys: JwksKeys
    trips: RedisTrips


@asynccontextmanager
async def running_policy(settings: GatewaySettings) -> AsyncIterator[PolicyRuntime]:
    """Connect, load the script and the keys; whatever is away is waited for in the background."""
    client = ServiceClient(settings.auth_url, timeout_seconds=JWKS_FETCH_SECONDS, attempts=1)
    keys = JwksKeys(client, cache_file=settings.jwks_file)
    timeout = settings.redis_timeout_seconds
    trips = RedisTrips(connect(settings.redis_url, timeout), check_script(), timeout)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(client.aclose)
        stack.push_async_callback(keys.stop)
        stack.push_async_callback(trips.stop)
        await trips.start()
        await keys.start()
        yield PolicyRuntime(build_policy(settings, keys, trips, SystemClock()), keys, trips)


@asynccontextmanager
async def running_edge(settings: GatewaySettings, health: Health) -> AsyncIterator[Edge]:
    """The embedded edge with everything under it."""
    async with AsyncExitStack() as stack:
        around = await stack.enter_async_context(_surroundings(settings, health))
        pools = {
            name: UpstreamPool(base, settings.connect_seconds)
            for name, base in _bases(settings).items()
        }
        for pool in pools.values():
            stack.callback(pool.close)
        access_log = AccessLog()
        stack.callback(access_log.flush)
        yield Edge(
            routes=around.routes,
            policy=around.policy,
            proxy=Proxy(pools, _limits(settings)),
            cors=around.cors,
            handshakes=around.handshakes,
            pages=around.pages,
            header_bytes=settings.header_bytes,
            access_log=access_log,
            spans=Spans(enabled=settings.otlp_endpoint is not None),
        )


@asynccontextmanager
async def running_policy_service(
    settings: GatewaySettings, health: Health
) -> AsyncIterator[PolicyService]:
    """The policy service with everything under it."""
    async with _surroundings(settings, health) as around:
        yield PolicyService(
            Verification(
                around.policy,
                around.routes,
                {row.name: row for row in settings.routes},
                around.handshakes,
            ),
            ClientPages(
                policy=around.policy,
                routes=around.routes,
                own=around.pages,
                cors=around.cors,
                handshakes=around.handshakes,
                body_bytes={
                    BodyClass.JSON: settings.json_body_bytes,
                    BodyClass.UPLOAD: settings.upload_body_bytes,
                },
            ),
        )


@dataclass(frozen=True, slots=True)
class _Surroundings:
    routes: RouteTable
    policy: Policy
    pages: OwnPages
    cors: Cors

    @property
    def handshakes(self) -> HandshakeRules:
        return HandshakeRules(self.cors, self.policy.addresses)


@asynccontextmanager
async def _surroundings(settings: GatewaySettings, health: Health) -> AsyncIterator[_Surroundings]:
    """What the embedded edge and the policy service have in common."""
    bases, routes = _bases(settings), RouteTable(settings.routes)
    async with AsyncExitStack() as stack:
        if settings.metrics_port is not None:
            server, _ = start_http_server(settings.metrics_port, settings.metrics_host)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        runtime = await stack.enter_async_context(running_policy(settings))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        health.checks = {
            "redis": runtime.trips.ping,
            "keys": _keys_check(runtime.keys),
            **{name.value: _upstream_check(session, base) for name, base in bases.items()},
        }
        documents = Documents(
            session,
            {name.value: base for name, base in bases.items()},
            title="Masijala",
            version=VERSION,
            public_url="/",
            routes=routes,
        )
        cors = Cors(settings.allowed_origins, credentials=settings.allow_credentials)
        yield _Surroundings(routes, runtime.policy, OwnPages(health, documents), cors)


def _named(name: str, quota: Quota | None) -> QuotaPolicy | None:
    return QuotaPolicy(name, quota) if quota is not None else None


def _bases(settings: GatewaySettings) -> dict[Upstream, str]:
    return {
        Upstream.AUTH: settings.auth_url.rstrip("/"),
        Upstream.CORE: settings.core_url.rstrip("/"),
    }


def _limits(settings: GatewaySettings) -> ProxyLimits:
    return ProxyLimits(
        json_body_bytes=settings.json_body_bytes,
        upload_body_bytes=settings.upload_body_bytes,
        response_seconds=settings.response_seconds,
    )


def _keys_check(keys: JwksKeys) -> Check:
    async def check() -> None:
        if not keys.usable:
            raise KeysAway

    return check


def _upstream_check(session: aiohttp.ClientSession, base: str) -> Check:
    async def check() -> None:
        async with session.get(f"{base}/readyz") as response:
            if response.status != HTTPStatus.OK:
                raise aiohttp.ClientError

    return check
