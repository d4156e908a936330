"""The composition root: the one module that names every concrete class of the gateway."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from prometheus_client import start_http_server

from common.access_tokens import USER_AUDIENCE, TokenRules
from common.assertions import AssertionMinter, AssertionVerifier, derive_key
from common.background import repeat, running
from common.clock import Clock, SystemClock
from common.health import Check, Health
from common.http_client import ServiceClient
from common.jwks import JwksKeys
from gateway import refusals
from gateway.documents.publishing import Documents
from gateway.policy.addresses import AddressRules
from gateway.policy.checks import Checks
from gateway.policy.handshakes import HandshakeRules
from gateway.policy.identity import Identity
from gateway.policy.origins import Origins
from gateway.policy.policy import Policy
from gateway.policy.script import check_script
from gateway.policy.tokens import KeySource, TokenVerifier
from gateway.policy.trips import RedisTrips, connect
from gateway.policy_service.app import PolicyService
from gateway.policy_service.carried import Carried
from gateway.policy_service.own_pages import VERSION, OwnPages
from gateway.policy_service.pages import ClientPages
from gateway.policy_service.preflights import Preflights
from gateway.policy_service.verification import Verification
from gateway.quota_settings import local_policies, quota_table
from gateway.routes import BodyClass, RouteTable, Upstream
from gateway.settings import GatewaySettings

# A request may wait for an unknown key's fetch, so it is one short try; the refresh tries again.
JWKS_FETCH_SECONDS = 1.0
FETCH_SECONDS = 3.0


def build_policy(
    settings: GatewaySettings, keys: KeySource, trips: RedisTrips, clock: Clock
) -> Policy:
    """The policy as configured."""
    table = quota_table(settings)
    minters = {name: AssertionMinter(name, key) for name, key in _assertion_keys(settings).items()}
    return Policy(
        addresses=AddressRules(
            settings.trusted_proxies, settings.allowed_addresses, settings.denied_addresses
        ),
        tokens=TokenVerifier(TokenRules(settings.issuer, USER_AUDIENCE), keys, clock),
        quotas=table,
        checks=Checks(trips, local_policies(settings, table)),
        identity=Identity(minters, clock),
        clock=clock,
        maintenance=refusals.Maintenance(
            settings.maintenance, retry_after_seconds=settings.maintenance_seconds
        )
        if settings.maintenance
        else None,
    )


def _assertion_keys(settings: GatewaySettings) -> dict[str, str]:
    secret = settings.assertion_secret.get_secret_value()
    return {name: derive_key(secret, name) for name in (Upstream.AUTH.value, Upstream.CORE.value)}


@dataclass(frozen=True, slots=True)
class PolicyRuntime:
    """A policy with the connections that it lives on."""

    policy: Policy
    keys: JwksKeys
    trips: RedisTrips


@asynccontextmanager
async def running_policy(settings: GatewaySettings) -> AsyncIterator[PolicyRuntime]:
    """Connect, load the script and the keys; retry in the background what is unavailable."""
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
async def running_policy_service(
    settings: GatewaySettings, health: Health
) -> AsyncIterator[PolicyService]:
    """The policy service with everything under it."""
    routes = RouteTable(settings.routes)
    async with AsyncExitStack() as stack:
        if settings.metrics_port is not None:
            server, _ = start_http_server(settings.metrics_port, settings.metrics_host)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        runtime = await stack.enter_async_context(running_policy(settings))
        clients = await _clients(settings, stack)
        health.checks = {
            "redis": runtime.trips.require_writable,
            "keys": _keys_check(runtime.keys),
            **{name: _upstream_check(client) for name, client in clients.items()},
        }
        documents = Documents(clients, {"title": "Masijala", "version": VERSION}, routes)
        await stack.enter_async_context(
            running(repeat(documents.refresh, documents.refresh_seconds))
        )
        yield _policy_service(settings, runtime.policy, routes, OwnPages(health, documents))


async def _clients(settings: GatewaySettings, stack: AsyncExitStack) -> dict[str, ServiceClient]:
    bases = {Upstream.AUTH: settings.auth_url, Upstream.CORE: settings.core_url}
    clients = {
        name.value: ServiceClient(base, timeout_seconds=FETCH_SECONDS, attempts=1)
        for name, base in bases.items()
    }
    for client in clients.values():
        stack.push_async_callback(client.aclose)
    return clients


def _policy_service(
    settings: GatewaySettings, policy: Policy, routes: RouteTable, pages: OwnPages
) -> PolicyService:
    origins = Origins(settings.allowed_origins)
    handshakes = HandshakeRules(origins, policy.addresses)
    rows = {row.name: row for row in settings.routes}
    return PolicyService(
        Verification(policy, routes, rows, handshakes),
        ClientPages(
            policy=policy,
            routes=routes,
            own=pages,
            preflights=Preflights(
                origins, settings.allow_credentials, settings.cors_request_headers
            ),
            handshakes=handshakes,
            body_bytes={
                BodyClass.JSON: settings.json_body_bytes,
                BodyClass.UPLOAD: settings.upload_body_bytes,
            },
        ),
        Carried(
            [AssertionVerifier(name, (key,)) for name, key in _assertion_keys(settings).items()],
            policy.clock,
        ),
    )


def _keys_check(keys: JwksKeys) -> Check:
    async def check() -> None:
        if not keys.usable:
            raise refusals.KeysUnavailable

    return check


def _upstream_check(client: ServiceClient) -> Check:
    async def check() -> None:
        (await client.get("/readyz")).require(HTTPStatus.OK)

    return check
