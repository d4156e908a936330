"""A small service with one table on a real Postgres."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import APIRouter, Body, FastAPI, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import MetaData

from common.access_tokens import TokenRules
from common.assertions import AssertionMinter, AssertionVerifier
from common.caller import CallerVerifier, PrincipalDep
from common.clock import FrozenClock
from common.composition import Registry, UnitDep, Units, session_of
from common.database import Database, async_url
from common.errors import Conflict, PermissionDenied
from common.health import Health
from common.idempotency import IdempotencyDep, idempotency_table
from common.identity import Role
from common.service_app import ServiceDefinition, build_app
from common.writes import Answer
from testkit.databases import DatabaseFactory

ASSERTION_KEY = "0123456789abcdef" * 4

# The constraint is checked at the commit, as a failure that only the commit can show.
TABLE = """
CREATE TABLE things (
  name text NOT NULL,
  CONSTRAINT uq_things_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED
)
"""
COURT = UUID(int=1)
ThingName = Annotated[str, Body(embed=True)]


class NameTaken(Conflict):
    code = "name-taken"


def migrate(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(TABLE)
    metadata = MetaData()
    idempotency_table(metadata)

    async def create() -> None:
        engine = create_async_engine(async_url(url))
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await engine.dispose()

    asyncio.run(create())


@pytest.fixture
def database_url(database_factory: DatabaseFactory) -> Iterator[str]:
    with database_factory("common", migrate).clone() as url:
        yield url


def make_router(entered: asyncio.Event, proceed: asyncio.Event) -> APIRouter:
    router = APIRouter()
    insert = text("INSERT INTO things VALUES (:name)")

    @router.post("/things", status_code=201)
    async def create(unit: UnitDep, name: ThingName) -> dict[str, str]:
        await (await session_of(unit).connection()).execute(insert, {"name": name})
        return {"name": name}

    @router.post("/things/once")
    async def create_once(unit: UnitDep, idempotency: IdempotencyDep, name: ThingName) -> Response:
        async def work() -> Answer:
            await (await session_of(unit).connection()).execute(insert, {"name": name})
            if name == "slow":
                entered.set()
                await proceed.wait()
            return Answer({"name": name}, version=1, location=f"/things/{name}")

        return await idempotency.run(work)

    @router.post("/things/mine")
    async def create_mine(
        unit: UnitDep, idempotency: IdempotencyDep, principal: PrincipalDep, name: ThingName
    ) -> Response:
        async def work() -> Answer:
            if COURT not in principal.scope_for(Role.DATA_ENTRY):
                raise PermissionDenied
            await (await session_of(unit).connection()).execute(insert, {"name": name})
            return Answer({"name": name})

        return await idempotency.run(work)

    @router.get("/things")
    async def count(unit: UnitDep) -> int:
        found = await (await session_of(unit).connection()).execute(
            text("SELECT count(*) FROM things")
        )
        return int(found.scalar_one())

    return router


@pytest.fixture
def entered() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def proceed() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def service(
    database_url: str, entered: asyncio.Event, proceed: asyncio.Event
) -> AsyncIterator[FastAPI]:
    database = Database.connect(database_url)
    verifier = CallerVerifier(
        AssertionVerifier("demo", [ASSERTION_KEY]),
        TokenRules("https://court.example", "demo"),
        FrozenClock(),
        lambda _: None,
    )
    definition = ServiceDefinition(
        name="things",
        title="Things",
        version="1",
        routers=[make_router(entered, proceed)],
        verifier=verifier,
        health=Health({"database": database.ping}),
        constraints={"uq_things_name": NameTaken},
    )
    yield build_app(definition, {"units": Units(Registry(), database)})
    await database.close()


@pytest.fixture
def minter() -> AssertionMinter:
    return AssertionMinter("demo", ASSERTION_KEY)


@pytest.fixture
async def client(service: FastAPI, minter: AssertionMinter) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(service),
        base_url="http://things",
        headers={"X-Gateway-Assertion": minter.mint({"ip": "192.0.2.7"}, FrozenClock().now())},
    ) as client:
        yield client
