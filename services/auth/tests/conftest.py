"""What auth's tests share: a migrated database, the wired service, the app behind a gateway."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from auth_service.app import make_app, make_health
from auth_service.migrations import schema
from auth_service.seeding import Account, Seeding
from auth_service.settings import AuthSettings
from auth_service.testing.api import PASSWORD, Api
from auth_service.testing.settings import ASSERTION_KEY, make_settings
from auth_service.wiring import Wiring, wire
from common.assertions import AssertionMinter
from common.clock import FrozenClock
from common.identity import Grant, Role
from common.testing.databases import DatabaseFactory, DatabaseTemplate

CLERK = "clerk@masijala.example"


@pytest.fixture
def clock() -> FrozenClock:
    # Redis counts real time, so the frozen moment has to be near it.
    return FrozenClock(datetime.now(UTC))


@pytest.fixture(scope="session")
def database_template(database_factory: DatabaseFactory) -> DatabaseTemplate:
    return database_factory("auth", schema.upgrade)


@pytest.fixture
def database_url(database_template: DatabaseTemplate) -> Iterator[str]:
    with database_template.clone() as url:
        yield url


@pytest.fixture
def settings(database_url: str, clean_redis_url: str) -> AuthSettings:
    return make_settings(database_url, clean_redis_url)


@pytest.fixture
async def wiring(settings: AuthSettings, clock: FrozenClock) -> AsyncIterator[Wiring]:
    wiring = wire(settings, clock)
    try:
        await wiring.load_keys()
        yield wiring
    finally:
        await wiring.close()


@pytest.fixture
async def api(wiring: Wiring, clock: FrozenClock) -> AsyncIterator[Api]:
    """The app without its background work, so that each test decides what runs when."""
    app = make_app(wiring, make_health(wiring))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        yield Api(client, AssertionMinter("auth", ASSERTION_KEY), clock)


@pytest.fixture
async def clerk(wiring: Wiring) -> str:
    """The address of a user who may sign in with the tests' password."""
    await Seeding(wiring.units, wiring.passwords).ensure(
        [Account(CLERK, "Demo Clerk", PASSWORD, Grant(Role.DATA_ENTRY, None))]
    )
    return CLERK
