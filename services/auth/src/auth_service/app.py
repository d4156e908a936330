"""The ASGI app of auth."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from redis.exceptions import RedisError

from auth_service.administration.router import router as administration_router
from auth_service.administration.session_router import router as user_sessions_router
from auth_service.audit.router import router as audit_router
from auth_service.clients.errors import CONSTRAINTS as CLIENT_CONSTRAINTS
from auth_service.clients.registry_router import router as client_registry_router
from auth_service.clients.router import router as clients_router
from auth_service.keys.router import router as keys_router
from auth_service.passwords.router import router as passwords_router
from auth_service.recovery.router import router as recovery_router
from auth_service.revocations.rebuild import CHECK_SECONDS
from auth_service.revocations.router import router as revocations_router
from auth_service.sessions.router import router as sessions_router
from auth_service.signin.router import router as signin_router
from auth_service.tokens.router import router as tokens_router
from auth_service.users.errors import CONSTRAINTS as USER_CONSTRAINTS
from auth_service.users.router import internal_router as users_internal_router
from auth_service.users.router import router as users_router
from auth_service.wiring import Wiring
from common.access_tokens import TokenRules
from common.assertions import AssertionVerifier
from common.audit_chain.sealer import SEAL_SECONDS
from common.background import repeat, running
from common.caller import CallerVerifier
from common.health import Health
from common.in_flight import InFlight
from common.logs import get_logger
from common.service_app import Lifespan, ServiceDefinition, build_app

AUDIENCE: Final = "auth"
HOUSEKEEPING_SECONDS: Final = 3600.0
MAIL_RESTART_SECONDS: Final = 1.0
PURGE_SECONDS: Final = 3600.0
# What policy and services reach directly, before they can have any credentials.
OPEN_PATHS: Final = frozenset(
    {
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
        "/api/v1/auth/token",
    }
)
ROUTERS: Final = (
    signin_router,
    users_router,
    sessions_router,
    passwords_router,
    recovery_router,
    administration_router,
    user_sessions_router,
    client_registry_router,
    audit_router,
    clients_router,
    tokens_router,
    keys_router,
    users_internal_router,
    revocations_router,
)
# What each group of operations is for, as the documentation shows it and in its order.
TAGS: Final = {
    "sign-in": "Sign in, get another access token before the old one ends, sign out.",
    "me": "The signed-in user: name, roles, and the courts that they hold at.",
    "password": "Change your own password, or have a link sent when you have forgotten it.",
    "sessions": "Where you are signed in, and how to end that.",
    "users": "For administrators: invite users, give them roles at courts, end their sessions.",
    "audit": "Who signed in, and who administered what: your own events, and the whole log.",
    "service clients": "For administrators: the programs that may ask for tokens of their own.",
    "service tokens": "Tokens for programs (OAuth 2.0: RFC 6749, 7662 and 7009).",
    "discovery": "The public keys and the metadata of the issuer (RFC 7517 and 8414).",
}

log = get_logger(__name__)


def make_app(wiring: Wiring, health: Health) -> FastAPI:
    """The app; its lifespan starts and stops what runs beside the requests."""
    definition = ServiceDefinition(
        name="auth",
        title="Masijala auth",
        version="0.1.0",
        routers=ROUTERS,
        tags=TAGS,
        verifier=_verifier(wiring),
        health=health,
        lifespan=_lifespan(wiring),
        constraints={**USER_CONSTRAINTS, **CLIENT_CONSTRAINTS},
        open_paths=OPEN_PATHS,
        in_flight=InFlight.of(wiring.settings),
    )
    state = {
        "database": wiring.database,
        "units": wiring.units,
        "sign_in": wiring.sign_in,
        "refresh_cookie": wiring.cookie,
        "passwords": wiring.passwords,
        "recovery": wiring.recovery,
        "limits": wiring.limits,
        "audit_export": wiring.audit_export,
        "keys": wiring.keys,
        "issuer": wiring.issuer,
        "tokens": wiring.tokens,
        "cursors": wiring.cursors,
        "public_url": wiring.settings.public_url,
        "jwks_seconds": wiring.settings.jwks_seconds,
    }
    return build_app(definition, state)


def make_health(wiring: Wiring) -> Health:
    """Ready when Postgres answers. Without Redis people can still sign in, so it is no part."""
    return Health({"postgres": wiring.database.ping})


def _verifier(wiring: Wiring) -> CallerVerifier:
    settings = wiring.settings
    keys = tuple(key.get_secret_value() for key in settings.assertion_keys)

    async def is_active(claims: Mapping[str, Any]) -> bool:
        async with wiring.units.begin() as work:
            return await wiring.tokens.is_active(work, claims)

    return CallerVerifier(
        assertions=AssertionVerifier(AUDIENCE, keys),
        rules=TokenRules(settings.issuer, AUDIENCE),
        clock=wiring.clock,
        keys=wiring.keys.resolve,
        is_active=is_active,
    )


def _lifespan(wiring: Wiring) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if wiring.settings.breached_passwords is None:
            log.warning("no_breached_passwords", setting="AUTH_BREACHED_PASSWORDS")
        try:
            await wiring.load_keys()
            await _rebuild_at_start(wiring)
            async with running(
                repeat(wiring.rebuild.run_if_needed, CHECK_SECONDS),
                repeat(wiring.load_keys, wiring.settings.key_reload_seconds),
                repeat(wiring.sealer.run, SEAL_SECONDS),
                repeat(wiring.housekeeping.run, HOUSEKEEPING_SECONDS),
                repeat(wiring.mail.run, MAIL_RESTART_SECONDS),
                repeat(wiring.purge_failures, PURGE_SECONDS),
            ):
                yield
        finally:
            await wiring.close()

    return lifespan


async def _rebuild_at_start(wiring: Wiring) -> None:
    try:
        await wiring.rebuild.run()
    except (RedisError, OSError) as error:
        log.warning("redis_unavailable_at_start", error=type(error).__name__)
