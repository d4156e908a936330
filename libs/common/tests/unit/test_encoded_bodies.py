"""A compressed body is refused by name before it is read; one that is not compressed is read."""

import gzip
from unittest.mock import AsyncMock

import httpx
import pytest
from fastapi import FastAPI

from common.assertions import HEADER

NOTE = b'{"text": "a"}'
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "zstd", "identity, gzip"])
async def test_an_encoded_body_is_refused(
    client: httpx.AsyncClient, anonymous: dict[str, str], coding: str
) -> None:
    headers = {**anonymous, **JSON, "Content-Encoding": coding}
    answer = await client.post("/notes", content=gzip.compress(NOTE), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "content-encoding-unsupported")
    assert answer.headers["accept-encoding"] == "identity"
    assert answer.headers["cache-control"] == "no-store"


async def test_no_byte_of_it_is_read(app: FastAPI, anonymous: dict[str, str]) -> None:
    receive, send = AsyncMock(), AsyncMock()
    assertion = anonymous["X-Gateway-Assertion"].encode()
    headers = [(b"content-encoding", b"gzip"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": "/notes", "query_string": b""}
    await app({**scope, "headers": [*headers, (HEADER.encode(), assertion)]}, receive, send)
    assert send.await_args_list[0].args[0]["status"] == 415
    receive.assert_not_awaited()


@pytest.mark.parametrize("coding", ["identity", ""])
async def test_a_body_as_it_is_may_say_so(
    client: httpx.AsyncClient, anonymous: dict[str, str], coding: str
) -> None:
    headers = {**anonymous, **JSON, "Content-Encoding": coding}
    assert (await client.post("/notes", content=NOTE, headers=headers)).status_code == 200


async def test_a_request_without_a_body_has_nothing_to_refuse(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    headers = {**anonymous, "Content-Encoding": "gzip", "Content-Length": "0"}
    assert (await client.get("/who", headers=headers)).status_code == 200


async def test_an_unauthenticated_caller_gets_401_before_415(client: httpx.AsyncClient) -> None:
    answer = await client.post("/notes", content=NOTE, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 401
