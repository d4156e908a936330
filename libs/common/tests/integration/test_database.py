"""One transaction per request, committed before the response; failures are problems."""

import traceback
from dataclasses import replace

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from common.database import Database, constraint_name, migration_engine
from devstack.servers.postgres import EmbeddedPostgres


async def test_a_commit_that_fails_is_not_a_201(client: httpx.AsyncClient) -> None:
    assert (await client.post("/things", json={"name": "a"})).status_code == 201
    refused = await client.post("/things", json={"name": "a"})
    assert refused.status_code == 409
    assert refused.json()["code"] == "name-taken"
    assert (await client.get("/things")).json() == 1


async def test_what_was_answered_is_committed(client: httpx.AsyncClient, database_url: str) -> None:
    await client.post("/things", json={"name": "a"})
    with psycopg.connect(database_url) as other:
        assert other.execute("SELECT name FROM things").fetchall() == [("a",)]


async def test_text_that_postgres_cannot_hold_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things", json={"name": "a\x00b"})
    assert answer.status_code == 400
    assert (await client.get("/things")).json() == 0


async def test_a_snapshot_sees_one_moment_and_writes_nothing(database_url: str) -> None:
    database = Database.connect(database_url)
    count = text("SELECT count(*) FROM things")
    try:
        async with database.snapshot() as view:
            connection = await view.connection()
            assert (await connection.execute(count)).scalar_one() == 0
            async with database.transaction() as session:
                other = await session.connection()
                await other.execute(text("INSERT INTO things VALUES ('a')"))
            assert (await connection.execute(count)).scalar_one() == 0
    finally:
        await database.close()


async def test_no_statement_is_compiled(database_url: str) -> None:
    """That took 12 of 12.5 seconds of a figure over forty cases in tables never analysed."""
    database = Database.connect(database_url)
    try:
        async with database.reading() as session:
            connection = await session.connection()
            assert (await connection.execute(text("SHOW jit"))).scalar_one() == "off"
    finally:
        await database.close()


async def test_an_unavailable_database_is_a_503_and_its_return_is_noticed(
    service: FastAPI, client: httpx.AsyncClient, private_postgres: EmbeddedPostgres
) -> None:
    with psycopg.connect(private_postgres.url) as connection:
        connection.execute("CREATE TABLE things (name text)")
    await service.state.units.database.close()
    database = Database.connect(private_postgres.url)
    service.state.units = replace(service.state.units, database=database)
    try:
        assert (await client.post("/things", json={"name": "a"})).status_code == 201
        private_postgres.stop()
        unavailable = await client.post("/things", json={"name": "b"})
        assert unavailable.status_code == 503
        assert unavailable.headers["Retry-After"] == "1"
        private_postgres.start()
        assert (await client.post("/things", json={"name": "c"})).status_code == 201
        assert (await client.get("/things")).json() == 2
    finally:
        await database.close()


async def test_readiness_follows_the_database(client: httpx.AsyncClient, service: FastAPI) -> None:
    assert (await client.get("/readyz")).json() == {"status": "ok", "checks": {"database": "ok"}}
    unavailable = Database.connect("postgresql://unknown@127.0.0.1:1/none")
    service.state.health.checks = {"database": unavailable.ping}
    assert (await client.get("/readyz")).status_code == 503
    await unavailable.close()


async def test_a_service_whose_connections_are_all_in_use_is_ready(
    client: httpx.AsyncClient, service: FastAPI, database_url: str
) -> None:
    database = Database.connect(database_url, pool_size=1)
    service.state.health.checks = {"database": database.ping}
    try:
        async with database.engine.connect(), database.engine.connect():
            assert (await client.get("/readyz")).status_code == 200
    finally:
        await database.close()


async def test_connections_closed_by_the_server_are_replaced_without_an_error(
    database_url: str,
) -> None:
    database = Database.connect(database_url)
    backends = text("SELECT pg_backend_pid()")
    try:
        async with database.transaction() as one, database.transaction() as two:
            pids = [(await (await at.connection()).execute(backends)).scalar() for at in (one, two)]
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s) AS pid", [pids])
        for _ in range(3):
            async with database.transaction() as session:
                pid = (await (await session.connection()).execute(backends)).scalar()
            assert pid not in pids
    finally:
        await database.close()


async def test_a_reading_is_no_transaction(database_url: str) -> None:
    database = Database.connect(database_url)
    moment = text("SELECT now()")
    try:
        async with database.reading() as session:
            connection = await session.connection()
            first = (await connection.execute(moment)).scalar_one()
            assert (await connection.execute(moment)).scalar_one() > first
        async with database.transaction() as session:  # on the same connection of the pool
            connection = await session.connection()
            first = (await connection.execute(moment)).scalar_one()
            assert (await connection.execute(moment)).scalar_one() == first
    finally:
        await database.close()


SECRET = "asha@court.example"
FAILING = (
    "INSERT INTO things VALUES (:value), (:value)",  # a unique key, whose detail names it
    "INSERT INTO checked VALUES (:value, :value)",  # a check, whose detail is the whole row
    "SELECT length(:value) / 0",
    "SELECT nothing FROM things WHERE name = :value",
)


@pytest.mark.parametrize("statement", FAILING)
async def test_an_error_shows_no_value_of_a_failing_statement(
    database_url: str, statement: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE checked (a text, b text CHECK (b = 'x'))")
    database, engine = Database.connect(database_url), migration_engine(database_url)
    try:
        with pytest.raises(DBAPIError) as failed:
            async with database.engine.begin() as connecting:
                await connecting.execute(text(statement), {"value": SECRET})
        with pytest.raises(DBAPIError) as failed_in_migration, engine.begin() as migrating:
            migrating.execute(text(statement), {"value": SECRET})
    finally:
        await database.close()
        engine.dispose()
    for each in (failed.value, failed_in_migration.value):
        assert "psycopg.errors." in str(each)
        assert SECRET not in "".join(traceback.format_exception(each))


async def test_which_constraint_was_broken_is_still_known(database_url: str) -> None:
    database = Database.connect(database_url)
    try:
        with pytest.raises(IntegrityError) as failed:
            async with database.engine.begin() as connection:
                await connection.execute(text(FAILING[0]), {"value": SECRET})
    finally:
        await database.close()
    assert (constraint_name(failed.value) or "").startswith("uq_")
