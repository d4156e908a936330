"""A retried POST happens once; the key belongs to one request and one caller."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import httpx
import psycopg
import pytest

from common.assertions import AssertionMinter
from common.clock import FrozenClock
from common.identity import Grant, Role

KEY = {"Idempotency-Key": "9c1f6d0e"}
USER = UUID(int=7)
HERE = Grant(Role.DATA_ENTRY, frozenset({UUID(int=1)}))
THERE = Grant(Role.DATA_ENTRY, frozenset({UUID(int=2)}))
EVERYWHERE = Grant(Role.DATA_ENTRY)


async def test_a_retry_gets_the_first_answer_and_changes_nothing(client: httpx.AsyncClient) -> None:
    first = await client.post("/things/once", json={"name": "a"}, headers=KEY)
    again = await client.post("/things/once", json={"name": "a"}, headers=KEY)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["ETag"] == first.headers["ETag"] == '"1"'
    assert again.headers["Location"] == "/things/a"
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await client.get("/things")).json() == 1


async def test_the_same_body_written_otherwise_is_the_same_request(
    client: httpx.AsyncClient,
) -> None:
    json_type = {**KEY, "Content-Type": "application/json"}
    await client.post("/things/once", content=b'{"name":"a"}', headers=json_type)
    again = await client.post("/things/once", content=b'{ "name" : "a" }', headers=json_type)
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_a_key_with_another_request_is_refused(client: httpx.AsyncClient) -> None:
    await client.post("/things/once", json={"name": "a"}, headers=KEY)
    other = await client.post("/things/once", json={"name": "b"}, headers=KEY)
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency-key-reused"


async def test_a_key_whose_request_still_runs_is_busy(
    client: httpx.AsyncClient, entered: asyncio.Event, proceed: asyncio.Event
) -> None:
    running = asyncio.create_task(client.post("/things/once", json={"name": "slow"}, headers=KEY))
    await entered.wait()
    busy = await client.post("/things/once", json={"name": "slow"}, headers=KEY)
    assert busy.status_code == 409
    assert busy.json()["code"] == "idempotency-key-busy"
    proceed.set()
    assert (await running).status_code == 201


async def test_a_key_whose_request_failed_can_be_used_again(client: httpx.AsyncClient) -> None:
    await client.post("/things", json={"name": "a"})
    refused = await client.post("/things/once", json={"name": "a"}, headers=KEY)
    assert refused.status_code == 409
    other = await client.post("/things/once", json={"name": "b"}, headers=KEY)
    assert other.status_code == 201


async def test_without_a_key_every_request_counts(client: httpx.AsyncClient) -> None:
    await client.post("/things/once", json={"name": "a"})
    await client.post("/things/once", json={"name": "b"})
    assert (await client.get("/things")).json() == 2


@pytest.fixture
def caller(minter: AssertionMinter) -> Callable[..., dict[str, str]]:
    """The headers of one user's request, with the key and the grants of that moment."""

    def headers(*grants: Grant) -> dict[str, str]:
        held = [grant.to_claim() for grant in grants]
        claims = {"ip": "192.0.2.7", "sub": str(USER), "sid": str(USER), "grants": held}
        return {**KEY, "X-Gateway-Assertion": minter.mint(claims, FrozenClock().now())}

    return headers


async def test_a_caller_with_all_grants_gets_the_first_answer_without_a_trial(
    client: httpx.AsyncClient, caller: Callable[..., dict[str, str]]
) -> None:
    await client.post("/things/mine", json={"name": "a"}, headers=caller(HERE))

    again = await client.post("/things/mine", json={"name": "a"}, headers=caller(EVERYWHERE))

    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")


@pytest.mark.parametrize("left", [(), (THERE,), (Grant(Role.VIEWER),)])
async def test_a_caller_who_lost_the_grant_is_refused_as_the_work_would_refuse(
    client: httpx.AsyncClient, caller: Callable[..., dict[str, str]], left: tuple[Grant, ...]
) -> None:
    await client.post("/things/mine", json={"name": "a"}, headers=caller(HERE))

    again = await client.post("/things/mine", json={"name": "a"}, headers=caller(*left))

    assert (again.status_code, again.json()["code"]) == (403, "permission-denied")
    assert (await client.get("/things")).json() == 1


async def test_a_lost_grant_that_the_work_does_not_need_leaves_the_first_answer(
    client: httpx.AsyncClient, caller: Callable[..., dict[str, str]]
) -> None:
    await client.post("/things/mine", json={"name": "a"}, headers=caller(HERE, THERE))

    again = await client.post("/things/mine", json={"name": "a"}, headers=caller(HERE))

    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert (await client.get("/things")).json() == 1


async def test_a_stored_answer_of_an_older_version_is_given_after_a_trial_that_is_rolled_back(
    client: httpx.AsyncClient, caller: Callable[..., dict[str, str]], database_url: str
) -> None:
    await client.post("/things/mine", json={"name": "a"}, headers=caller(HERE))
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE idempotency_keys SET held = NULL")
        connection.execute("DELETE FROM things")

    allowed = await client.post("/things/mine", json={"name": "a"}, headers=caller(HERE))
    refused = await client.post("/things/mine", json={"name": "a"}, headers=caller())

    assert (allowed.status_code, allowed.headers["Idempotency-Replayed"]) == (201, "true")
    assert refused.status_code == 403
    assert (await client.get("/things")).json() == 0
