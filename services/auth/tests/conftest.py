"""What auth's tests share: a migrated database, the wired service, the app behind a gateway."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from starlette.routing import BaseRoute
from typer.testing import CliRunner, Result

from auth_service.app import create_app, load_keys
from auth_service.cli import app
from auth_service.migrations import schema
from auth_service.seeding import Account, Seeding
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.wiring import wire
from common.assertions import AssertionMinter
from common.audit.maintenance import ChainAudit
from common.clock import FrozenClock
from common.database import Database
from common.identity import Grant, Role
from devstack.servers.ports import LOOPBACK, free_ports
from testkit.auth.api import PASSWORD, Api
from testkit.auth.factors import STEP_SECONDS, App, enrol
from testkit.auth.mailbox import Mailbox
from testkit.auth.settings import ASSERTION_KEY, SERVICE_ROLE, make_settings
from testkit.databases import (
    DatabaseFactory,
    DatabaseTemplate,
    as_service,
    make_service_role,
)

CLERK = "clerk@masijala.example"
VIEWER = "viewer@masijala.example"
ADMIN = "admin@masijala.example"


def migrate(url: str) -> None:
    make_service_role(url, SERVICE_ROLE)
    schema.upgrade(url, service_role=SERVICE_ROLE)


@pytest.fixture
def clock() -> FrozenClock:
    # Redis counts real time, so the frozen moment has to be near it.
    return FrozenClock(datetime.now(UTC))


@pytest.fixture(scope="session")
def database_template(database_factory: DatabaseFactory) -> DatabaseTemplate:
    return database_factory("auth", migrate)


@pytest.fixture
def database_url(database_template: DatabaseTemplate) -> Iterator[str]:
    """A superuser's URL of this test's database, to bypass auth."""
    with database_template.clone() as url:
        yield url


@pytest.fixture
def service_url(database_url: str) -> str:
    """The same database as auth's own role, with no more privileges than granted."""
    return as_service(database_url, SERVICE_ROLE)


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    """Changed settings; modules override this fixture."""
    return {}


@pytest.fixture
def settings(
    service_url: str, clean_redis_url: str, settings_changes: dict[str, Any]
) -> AuthSettings:
    return make_settings(service_url, clean_redis_url, **settings_changes)


@pytest.fixture
def mailbox(smtp_settings: dict[str, Any]) -> Iterator[Mailbox]:
    """What a real SMTP server receives; point auth there by `smtp_settings`."""
    mailbox = Mailbox()
    controller = Controller(mailbox, LOOPBACK, smtp_settings["smtp_port"])
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@pytest.fixture
def smtp_settings() -> dict[str, Any]:
    (port,) = free_ports(1)
    return {
        "mail": "smtp",
        "smtp_host": LOOPBACK,
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "Masijala <no-reply@masijala.example>",
    }


@pytest.fixture
async def auth(settings: AuthSettings, clock: FrozenClock) -> AsyncIterator[AuthUnits]:
    auth = wire(settings, clock)
    try:
        await load_keys(auth)
        yield auth
    finally:
        await auth.close()


@pytest.fixture
def run(settings: AuthSettings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command of `auth` on the test's database, as auth's own role."""
    for name in ("database_url", "redis_url", "refresh_derivation_key"):
        monkeypatch.setenv(f"AUTH_{name.upper()}", getattr(settings, name).get_secret_value())
    for name in ("key_encryption_key", "cursor_key", "audit_keys"):
        keys = ",".join(key.get_secret_value() for key in getattr(settings, name))
        monkeypatch.setenv(f"AUTH_{name.upper()}", keys)
    monkeypatch.setenv("AUTH_ISSUER", settings.issuer)
    monkeypatch.setenv("AUTH_PUBLIC_URL", settings.public_url)
    monkeypatch.setenv("AUTH_ASSERTION_KEYS", ASSERTION_KEY)
    monkeypatch.setenv("AUTH_MAIL", "none")
    monkeypatch.setattr("auth_service.commands.configure_logging", lambda *_: None)
    runner = CliRunner()
    return lambda *arguments, **options: runner.invoke(app, arguments, **options)


@pytest.fixture
async def owned_chain(auth: AuthUnits, database_url: str) -> AsyncIterator[ChainAudit]:
    """The audit's chain for who owns its tables, as retention works on it."""
    owner = Database.connect(database_url)
    yield replace(auth.get(ChainAudit), database=owner)
    await owner.close()


@pytest.fixture(scope="session")
def session_routes() -> list[BaseRoute]:
    """The first app's, for all apps: FastAPI takes a tenth of a second to get its routes ready."""
    return []


@pytest.fixture
async def api(
    auth: AuthUnits, clock: FrozenClock, session_routes: list[BaseRoute]
) -> AsyncIterator[Api]:
    """The app without its background work, which each test runs itself."""
    app = create_app(auth)[0]
    session_routes[:] = session_routes or app.router.routes
    app.router.routes = session_routes
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        yield Api(client, AssertionMinter("auth", ASSERTION_KEY), clock)


async def seed(auth: AuthUnits, email: str, name: str, grant: Grant) -> str:
    await auth.get(Seeding).ensure([Account(email, name, PASSWORD, grant)])
    return email


@pytest.fixture
async def clerk(auth: AuthUnits) -> str:
    """The address of a user who may sign in with the tests' password."""
    return await seed(auth, CLERK, "Demo Clerk", Grant(Role.DATA_ENTRY, None))


@pytest.fixture
async def viewer(auth: AuthUnits) -> str:
    """The address of a user who may only read."""
    return await seed(auth, VIEWER, "Demo Viewer", Grant(Role.VIEWER))


@pytest.fixture
async def admin(auth: AuthUnits) -> str:
    """The address of an administrator of all courts."""
    return await seed(auth, ADMIN, "Demo Admin", Grant(Role.ADMIN))


@pytest.fixture(name="app")
async def clerks_app(api: Api, clerk: str, clock: FrozenClock) -> App:
    """An authenticator app, used last a step ago."""
    enrolled = await enrol(api, await api.token(clerk))
    clock.advance(seconds=STEP_SECONDS)
    return enrolled
