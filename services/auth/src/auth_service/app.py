"""Auth's ASGI app: its routers, its errors, its background work, who may call it."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

from fastapi import FastAPI
from redis.exceptions import RedisError
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.administration.dormancy import Dormancy
from auth_service.administration.grant_router import router as grants_router
from auth_service.administration.group_router import router as court_groups_router
from auth_service.administration.internal_router import router as internal_router
from auth_service.administration.router import router as administration_router
from auth_service.administration.session_router import router as user_sessions_router
from auth_service.audit.router import router as audit_router
from auth_service.clients.registry import ClientIdTaken
from auth_service.clients.registry_router import router as client_registry_router
from auth_service.clients.router import router as clients_router
from auth_service.emails.router import router as emails_router
from auth_service.factors.router import router as factors_router
from auth_service.factors.service import FactorService
from auth_service.factors.sweep import FactorSweep
from auth_service.housekeeping import Housekeeping
from auth_service.keys.issuer import KeyRing
from auth_service.keys.router import router as keys_router
from auth_service.keys.service import KeyService
from auth_service.limits.lockout import Lockout
from auth_service.mail.jobs import MailWorker
from auth_service.oidc.administration_router import identities_router, mappings_router
from auth_service.oidc.errors import IdentityTaken, MappingExists
from auth_service.oidc.router import navigation_router as directory_navigation_router
from auth_service.oidc.router import router as directory_router
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.router import router as passwords_router
from auth_service.revocations.rules import PendingRevocations
from auth_service.sessions.router import router as sessions_router
from auth_service.settings import AuthSettings
from auth_service.signin.factor_router import router as second_step_router
from auth_service.signin.me_router import router as me_router
from auth_service.signin.router import router as signin_router
from auth_service.tokens.feed import router as revocations_router
from auth_service.tokens.rebuild import Rebuild
from auth_service.tokens.router import router as tokens_router
from auth_service.tokens.service import TokenService
from auth_service.units import AfterCommit, AuthUnits
from auth_service.users.administrators import Administrators
from auth_service.users.court_groups import GroupNameTaken
from auth_service.users.service import EmailTaken, UserService
from common.access_tokens import TokenRules
from common.admission import InFlight
from common.assertions import AssertionVerifier
from common.audit.sealer import SEAL_SECONDS, Sealer
from common.background import repeat, running
from common.caller import CallerVerifier
from common.clock import Clock
from common.composition import Container
from common.health import Health
from common.identity import Principal
from common.logs import get_logger
from common.sampling import SAMPLE_SECONDS, Sampler
from common.service_app import Lifespan, ServiceDefinition, build_app

AUDIENCE: Final = "auth"
CHECK_SECONDS: Final = 0.5
HOUSEKEEPING_SECONDS: Final = 3600.0
LEARN_SECONDS: Final = 60.0
SWEEP_SECONDS: Final = 60.0
DAY_SECONDS: Final = 24 * 3600.0
MAIL_RESTART_SECONDS: Final = 1.0
# Reached directly by the policy service and others, before they have any credentials.
OPEN_PATHS: Final = frozenset(
    {
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
        "/api/v1/auth/token",
        "/api/v1/auth/introspect",
        "/api/v1/auth/revoke",
    }
)
ROUTERS: Final = (
    signin_router,
    second_step_router,
    directory_router,
    directory_navigation_router,
    factors_router,
    me_router,
    sessions_router,
    passwords_router,
    emails_router,
    administration_router,
    grants_router,
    user_sessions_router,
    court_groups_router,
    identities_router,
    mappings_router,
    client_registry_router,
    audit_router,
    clients_router,
    tokens_router,
    keys_router,
    internal_router,
    revocations_router,
)
CONSTRAINTS: Final = {
    "uq_users_email": EmailTaken,
    "uq_service_clients_client_id": ClientIdTaken,
    "uq_court_groups_name": GroupNameTaken,
    "uq_identities_issuer_subject": IdentityTaken,
    "uq_identities_user_id_issuer": IdentityTaken,
    "uq_group_mappings_issuer_group_name_role": MappingExists,
}
# Each group of operations, in the order of the documentation.
TAGS: Final = {
    "sign-in": "Sign in, get a new access token before the old one expires, sign out.",
    "second factor": "Set up an authenticator app or a passkey, and sign in with it.",
    "directory sign-in": "Sign in through the ministry's directory (OpenID Connect).",
    "me": "The signed-in user: name, roles and courts.",
    "password": "Change your password, or request a link when you have forgotten it.",
    "sessions": "Your sessions, and how to end them.",
    "users": "For administrators: invite users, give them roles at courts, end their sessions.",
    "court groups": "For administrators: named groups of courts, by which grants are given.",
    "directory groups": "For administrators: what members of a directory's groups may do.",
    "audit": "Sign-ins and administration: your own events, and the whole log.",
    "service clients": "For administrators: the programs that may request tokens.",
    "service tokens": "Tokens for programs (OAuth 2.0: RFC 6749, 7662 and 7009).",
    "discovery": "The public keys and the metadata of the issuer (RFC 7517 and 8414).",
}

log = get_logger(__name__)


def create_app(auth: AuthUnits) -> tuple[FastAPI, Health]:
    """The app and its health, which the server turns to draining."""
    # Sign-in works without Redis, so only Postgres counts.
    health = Health({"postgres": auth.database.ping})
    settings = auth.get(AuthSettings)
    definition = ServiceDefinition(
        name="auth",
        title="Masijala auth",
        version=version("masijala-auth"),
        routers=ROUTERS,
        tags=TAGS,
        verifier=_verifier(auth, settings),
        health=health,
        lifespan=_lifespan(auth, settings),
        constraints=CONSTRAINTS,
        open_paths=OPEN_PATHS,
        in_flight=InFlight.of(settings),
        refine=add_examples,
    )

    async def check_replay(
        session: AsyncSession, by: Principal, _named: str, _as_then: bool
    ) -> None:
        """Only administrators send keys to auth, and their tokens may not be refused yet."""
        await auth.container(session).get(Administrators).require(by.require_user())

    def undo_trial(unit: Container) -> None:
        """Of work that was rolled back no revocation is published, and no event counted."""
        unit.get(PendingRevocations).items.clear()
        unit.get(AfterCommit).calls.clear()

    state = {
        "units": auth,
        "database": auth.database,
        "replay_check": check_replay,
        "undo_trial": undo_trial,
    }
    return build_app(definition, state), health


def add_examples(document: dict[str, Any]) -> None:
    """Put the examples of bodies into the description of the API."""
    text = files("auth_service").joinpath("examples.json").read_text(encoding="utf-8")
    for name, examples in json.loads(text).items():
        document["components"]["schemas"][name]["examples"] = examples


async def load_keys(auth: AuthUnits) -> None:
    """Read the signing keys, after making the first one if there is none."""
    async with auth.begin() as unit:
        published = await unit.get(KeyService).published()
    auth.get(KeyRing).replace(published)


async def learn_hashes(auth: AuthUnits) -> None:
    """Read the kinds of hashes that accounts have: a refusal takes as long for each of them."""
    async with auth.begin() as unit:
        samples = await unit.get(UserService).hash_samples()
    auth.get(PasswordHasher).scheme.learn(samples)


async def reseal_factors(auth: AuthUnits) -> None:
    """Encrypt secrets of second factors again after a change of the key, which is a restart."""
    async with auth.begin() as unit:
        await unit.get(FactorService).reseal()


async def sweep_factors(auth: AuthUnits) -> None:
    """Note from when on users must have a second factor."""
    async with auth.begin() as unit:
        await unit.get(FactorSweep).run()


async def purge_failures(auth: AuthUnits) -> None:
    async with auth.begin() as unit:
        await unit.get(Lockout).purge()


def _verifier(auth: AuthUnits, settings: AuthSettings) -> CallerVerifier:
    async def is_active(claims: Mapping[str, Any]) -> bool:
        async with auth.begin() as unit:
            return await unit.get(TokenService).is_active(claims)

    return CallerVerifier(
        assertions=AssertionVerifier(
            AUDIENCE, tuple(key.get_secret_value() for key in settings.assertion_keys)
        ),
        rules=TokenRules(settings.issuer, AUDIENCE),
        clock=auth.get(Clock),  # type: ignore[type-abstract]  # a Protocol is a key, too
        keys=auth.get(KeyRing).resolve,
        is_active=is_active,
    )


def _lifespan(auth: AuthUnits, settings: AuthSettings) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if settings.breached_passwords is None:
            log.warning("no_breached_passwords", setting="AUTH_BREACHED_PASSWORDS")
        rebuild = auth.get(Rebuild)
        try:
            await load_keys(auth)
            await learn_hashes(auth)
            await reseal_factors(auth)
            await sweep_factors(auth)
            await _rebuild_at_start(rebuild)
            async with running(
                repeat(rebuild.run_if_needed, CHECK_SECONDS),
                repeat(lambda: load_keys(auth), settings.key_reload_seconds),
                repeat(lambda: learn_hashes(auth), LEARN_SECONDS),
                repeat(lambda: sweep_factors(auth), SWEEP_SECONDS),
                repeat(auth.get(Sealer).run, SEAL_SECONDS),
                repeat(auth.get(Sampler).run, SAMPLE_SECONDS),
                repeat(auth.get(Housekeeping).run, HOUSEKEEPING_SECONDS),
                repeat(auth.get(MailWorker).run, MAIL_RESTART_SECONDS),
                repeat(lambda: purge_failures(auth), HOUSEKEEPING_SECONDS),
                repeat(auth.get(Dormancy).run, DAY_SECONDS),
            ):
                yield
        finally:
            await auth.close()

    return lifespan


async def _rebuild_at_start(rebuild: Rebuild) -> None:
    try:
        await rebuild.run()
    except (RedisError, OSError) as error:
        log.warning("redis_unavailable_at_start", error=type(error).__name__)
