"""A retried POST happens once; the key belongs to one request and one caller."""

import asyncio

import httpx

KEY = {"Idempotency-Key": "9c1f6d0e"}


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
