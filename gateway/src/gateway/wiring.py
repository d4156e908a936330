"""The composition: the one module that names every concrete class of the gateway.

All is built once, before the first request: a check resolves nothing.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

from common.access_tokens import USER_AUDIENCE, TokenRules
from common.assertions import AssertionMinter, AssertionVerifier, derive_key
from common.clock import Clock, SystemClock
from common.composition import Container, Registry, register
from common.health import Check, Health
from common.http_client import ServiceClient
from common.jwks import JwksKeys
from common.tracing import is_traced
from gateway import refusals
from gateway.documents.console import Console
from gateway.documents.publishing import Documents
from gateway.policy.addresses import AddressRules
from gateway.policy.checks import Checks, TracedTrips
from gateway.policy.devices import KnownDevices
from gateway.policy.handshakes import HandshakeRules
from gateway.policy.identity import Identity
from gateway.policy.origins import Origins
from gateway.policy.policy import Policy
from gateway.policy.quota_table import QuotaTable
from gateway.policy.script import check_script
from gateway.policy.step_up import StepUpOperations
from gateway.policy.tokens import KeySource, TokenVerifier
from gateway.policy.trips import RedisTrips, connect
from gateway.policy_service.carried import Carried
from gateway.policy_service.own_pages import VERSION, OwnPages
from gateway.policy_service.pages import ClientPages
from gateway.policy_service.preflights import Preflights
from gateway.policy_service.service import PolicyService
from gateway.policy_service.verification import Verification
from gateway.routes import RouteTable, Upstream
from gateway.settings import GatewaySettings, local_policies, quota_table

# A request may wait for an unknown key's fetch, so it is one short try; the refresh tries again.
JWKS_FETCH_SECONDS: Final = 1.0
FETCH_SECONDS: Final = 3.0
# The gateway's `/readyz` tells operators what is wrong, soon; requests reach it whatever it says.
CHECK_SECONDS: Final = 1.0
# Built by the types of their fields.
SERVICES: Final[tuple[type[Any], ...]] = (
    ClientPages,
    HandshakeRules,
    OwnPages,
    PolicyService,
    TokenVerifier,
    Verification,
)


def wire(settings: GatewaySettings, clock: Clock | None = None) -> Container:
    """Everything from the settings; nothing connects before `connected`."""
    clock, registry = clock or SystemClock(), Registry()
    keys = _keys(registry, settings)
    timeout = settings.redis_timeout_seconds
    trips = RedisTrips(connect(settings.redis_url, timeout), check_script(), timeout)
    registry.register_value(RedisTrips, trips, on_registry_close=trips.stop)
    clients, routes = _clients(settings), RouteTable(settings.routes)
    documents = Documents(clients, {"title": "Masijala", "version": VERSION}, routes)
    registry.register_value(Documents, documents, on_registry_close=documents.close)
    checks = {"redis": trips.require_writable, "keys": _keys_check(keys)}
    checks |= {name: _upstream_check(client) for name, client in clients.items()}
    register(
        registry,
        {
            Clock: clock,
            Console: Console.read(settings.console),
            GatewaySettings: settings,
            Health: Health(checks, check_seconds=CHECK_SECONDS),
            RouteTable: routes,
        }
        | _rules(settings)
        | _assertions(settings, clock),
        SERVICES,
    )
    registry.register_factory(Policy, _policy)
    return Container(registry)


@asynccontextmanager
async def connected(gateway: Container) -> AsyncIterator[None]:
    """Load the script and the keys; what is unavailable is tried again in the background."""
    try:
        await gateway.get(RedisTrips).start()
        await gateway.get(JwksKeys).start()
        yield
    finally:
        await gateway.registry.aclose()


def _keys(registry: Registry, settings: GatewaySettings) -> JwksKeys:
    client = ServiceClient(settings.auth_url, timeout_seconds=JWKS_FETCH_SECONDS, attempts=1)
    keys = JwksKeys(client, cache_file=settings.jwks_file)

    async def close() -> None:
        await keys.stop()
        await client.aclose()

    registry.register_value(JwksKeys, keys, on_registry_close=close)
    registry.register_value(KeySource, keys)
    return keys


def _clients(settings: GatewaySettings) -> Mapping[str, ServiceClient]:
    bases = {Upstream.AUTH: settings.auth_url, Upstream.CORE: settings.core_url}
    return {
        name.value: ServiceClient(base, timeout_seconds=FETCH_SECONDS, attempts=1)
        for name, base in bases.items()
    }


def _rules(settings: GatewaySettings) -> dict[type[Any], object]:
    origins = Origins(settings.allowed_origins)
    return {
        AddressRules: AddressRules(
            settings.trusted_proxies, settings.allowed_addresses, settings.denied_addresses
        ),
        Origins: origins,
        Preflights: Preflights(origins, settings.allow_credentials, settings.cors_request_headers),
        QuotaTable: quota_table(settings),
        StepUpOperations: StepUpOperations.of(
            settings.step_up_operations, settings.step_up_seconds
        ),
        TokenRules: TokenRules(settings.issuer, USER_AUDIENCE),
    }


def _assertions(settings: GatewaySettings, clock: Clock) -> dict[type[Any], object]:
    keys = {name.value: _key_of(settings, name) for name in (Upstream.AUTH, Upstream.CORE)}
    minters = {name: AssertionMinter(name, key) for name, key in keys.items()}
    verifiers = [AssertionVerifier(name, (key,)) for name, key in keys.items()]
    return {Identity: Identity(minters, clock), Carried: Carried(verifiers, clock)}


def _key_of(settings: GatewaySettings, service: Upstream) -> str:
    return derive_key(settings.assertion_secret.get_secret_value(), service.value)


def _policy(gateway: Container) -> Policy:
    settings, table = gateway.get(GatewaySettings), gateway.get(QuotaTable)
    closed = refusals.Maintenance(
        settings.maintenance, retry_after_seconds=settings.maintenance_seconds
    )
    trips = gateway.get(RedisTrips)
    traced = TracedTrips(trips) if is_traced() else trips
    return Policy(
        addresses=gateway.get(AddressRules),
        tokens=gateway.get(TokenVerifier),
        quotas=table,
        devices=KnownDevices(_key_of(settings, Upstream.AUTH)),
        checks=Checks(traced, local_policies(settings, table)),
        identity=gateway.get(Identity),
        clock=gateway.get(Clock),
        maintenance=closed if settings.maintenance else None,
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
