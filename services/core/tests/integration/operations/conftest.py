"""The data that every operation is called with: built once, copied for each test."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from common.assertions import AssertionMinter
from common.clock import FrozenClock
from common.composition import Units
from common.identity import Role
from core_service.demo.seeding import seed_demo
from core_service.migrations.preparation import prepare
from core_service.settings import AUDIENCE
from core_service.wiring import wire
from testkit.core.api import Api
from testkit.core.auth import FakeAuth, with_auth
from testkit.core.calls import Operation, operations
from testkit.core.scene import Scene, SceneBuilder
from testkit.core.settings import ASSERTION_KEY, NOW, SERVICE_ROLE, make_settings
from testkit.core.stage import Stage
from testkit.databases import DatabaseFactory, DatabaseTemplate, make_service_role


@pytest.fixture(scope="session")
def scenes() -> list[Scene]:
    """Filled when the template is built."""
    return []


@pytest.fixture(scope="session")
def scene_template(
    database_factory: DatabaseFactory,
    session_app: FastAPI,
    session_clock: FrozenClock,
    scenes: list[Scene],
) -> DatabaseTemplate:
    async def build(url: str) -> None:
        session_clock.at = NOW  # another test may have moved it
        service_url = make_service_role(url, SERVICE_ROLE)
        await prepare(url, SERVICE_ROLE)
        auth = FakeAuth()
        core = with_auth(auth, wire(make_settings(service_url), session_clock))
        await seed_demo(core, cases=0)
        session_app.state.units = core
        transport = httpx.ASGITransport(session_app)
        async with httpx.AsyncClient(transport=transport, base_url="http://core") as client:
            minter = AssertionMinter(AUDIENCE, ASSERTION_KEY)
            api = Api(client, minter, session_clock, auth=auth)
            scenes.append(await SceneBuilder(core, api).build())
        await core.close()

    return database_factory("core_scene", lambda url: asyncio.run(build(url)))


@pytest.fixture
def database_url(scene_template: DatabaseTemplate) -> Iterator[str]:
    with scene_template.clone() as url:
        yield url


@pytest.fixture
def scene(database_url: str, scenes: list[Scene]) -> Scene:
    """The IDs of the data in this test's copy."""
    assert database_url
    return scenes[0]


@pytest.fixture(scope="session")
def every_operation(session_app: FastAPI) -> list[Operation]:
    """The operations of core's own OpenAPI."""
    return operations(session_app.openapi())


@pytest.fixture
def stage(session_app: FastAPI, core: Units, scene: Scene, api: Api) -> Stage:
    return Stage(session_app, core, scene, api.user(Role.ADMIN))
