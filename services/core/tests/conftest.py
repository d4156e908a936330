"""What core's tests share: a prepared database, the wired service, the app behind a gateway."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI

from common.assertions import AssertionMinter
from common.clock import FrozenClock
from common.composition import Units
from common.identity import Role
from core_service.app import Callers, caller_verifier, create_app
from core_service.demo.seeding import seed_demo
from core_service.migrations.preparation import prepare
from core_service.settings import AUDIENCE, CoreSettings
from core_service.wiring import wire
from testkit.core.api import Api
from testkit.core.auth import FakeAuth, with_auth
from testkit.core.caseload import states_that_differ, totals_that_differ
from testkit.core.decisions import decisions_that_differ
from testkit.core.registry import DEMOVILLE, TESTVILLE
from testkit.core.settings import ASSERTION_KEY, NOW, SERVICE_ROLE, make_settings
from testkit.core.tokens import Issuer
from testkit.databases import (
    DatabaseFactory,
    DatabaseTemplate,
    as_service,
    make_service_role,
)


def prepare_template(url: str) -> None:
    """Tables, vocabulary, and the demo's courts, judges and case types, but no cases."""
    service_url = make_service_role(url, SERVICE_ROLE)

    async def run() -> None:
        await prepare(url, SERVICE_ROLE, FrozenClock(NOW))
        core = wire(make_settings(service_url), FrozenClock(NOW))
        await seed_demo(core, cases=0)
        await core.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def session_clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def clock(session_clock: FrozenClock) -> FrozenClock:
    session_clock.at = NOW
    return session_clock


@pytest.fixture(scope="session")
def database_template(database_factory: DatabaseFactory) -> DatabaseTemplate:
    return database_factory("core", prepare_template)


@pytest.fixture
def database_url(database_template: DatabaseTemplate) -> Iterator[str]:
    """A superuser's URL of this test's database, to read and change it without core."""
    with database_template.clone() as url:
        yield url


@pytest.fixture
def service_url(database_url: str) -> str:
    """The same database for core's own role, with its limited privileges."""
    return as_service(database_url, SERVICE_ROLE)


@pytest.fixture
def settings(service_url: str) -> CoreSettings:
    return make_settings(service_url)


@pytest.fixture
def auth() -> FakeAuth:
    """The part of auth that core asks for callers' current grants."""
    return FakeAuth()


@pytest.fixture
async def core(settings: CoreSettings, clock: FrozenClock, auth: FakeAuth) -> AsyncIterator[Units]:
    core = with_auth(auth, wire(settings, clock))
    yield core
    # Whatever a test has done, what figures read is what follows from events and activities.
    checks = (totals_that_differ, states_that_differ, decisions_that_differ)
    differing = [each for check in checks for each in await check(core)]
    await core.close()
    await core.database.engine.dispose()  # where the test has closed all else before
    assert differing == []


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def session_app(issuer: Issuer, session_clock: FrozenClock) -> Iterator[FastAPI]:
    """One app for all tests: FastAPI takes a quarter of a second to get its routes ready."""
    settings = make_settings("postgresql://replaced-by-each-test/none")
    core = wire(settings, session_clock)
    app, _ = create_app(core, Callers(caller_verifier(settings, core, issuer.resolve)))
    yield app
    asyncio.run(core.close())


@pytest.fixture
async def api(
    core: Units, session_app: FastAPI, clock: FrozenClock, auth: FakeAuth
) -> AsyncIterator[Api]:
    """The app on this test's database, called anonymously."""
    session_app.state.units = core
    transport = httpx.ASGITransport(session_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://core") as client:
        yield Api(client, AssertionMinter(AUDIENCE, ASSERTION_KEY), clock, auth=auth)


@pytest.fixture
def admin(api: Api) -> Api:
    return api.user(Role.ADMIN)


@pytest.fixture
def clerk(api: Api) -> Api:
    """A clerk of Testville."""
    return api.user(Role.DATA_ENTRY, TESTVILLE)


@pytest.fixture
def outsider(api: Api) -> Api:
    """A clerk of another court than Testville."""
    return api.user(Role.DATA_ENTRY, DEMOVILLE)


@pytest.fixture
def viewer(api: Api) -> Api:
    """A user who may read at every court."""
    return api.user(Role.VIEWER)
