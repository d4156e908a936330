"""An answer that leaves much of a request unread is the last of its connection."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.datastructures import Headers
from starlette.types import Message

from common import answers
from common.answers import RequestBody

LARGE = {"content-length": str(60_000_000)}
ANSWER = {"type": "http.response.body", "body": b"{}", "more_body": False}


def body_of(headers: dict[str, str], parts: Sequence[Message] = ()) -> RequestBody:
    left = list(parts)

    async def receive() -> Message:
        if not left:
            await asyncio.Event().wait()  # a client that sends nothing, and stays
        return left.pop(0)

    return RequestBody(receive, Headers(headers))


def part(size: int, *, more: bool) -> Message:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


@pytest.mark.parametrize(
    ("headers", "is_left"),
    [
        ({}, False),
        ({"content-length": "500"}, False),
        (LARGE, True),
        ({"transfer-encoding": "chunked"}, True),
    ],
)
def test_small_bodies_are_taken_in_anyway(headers: dict[str, str], is_left: bool) -> None:
    assert body_of(headers).is_left is is_left


async def finished(body: RequestBody) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await body.finish(ANSWER, send)
    return sent


async def test_a_body_that_was_read_leaves_nothing() -> None:
    body = body_of(LARGE, [part(10, more=True), part(10, more=False)])
    left = []
    for _ in range(2):
        await body.receive()
        left.append(body.is_left)
    assert left == [True, False]
    assert await finished(body) == [ANSWER]


@pytest.mark.parametrize("parts", [[], [part(10, more=True), {"type": "http.disconnect"}]])
async def test_the_client_has_a_moment_to_read_the_answer(
    parts: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LINGER_SECONDS", 0.05)
    first, last = await finished(body_of(LARGE, parts))
    assert (first["body"], first["more_body"]) == (b"{}", True)
    assert (last["body"], last["more_body"]) == (b"", False)


async def test_meanwhile_little_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LINGER_SECONDS", 0.05)
    parts = [part(65_536, more=True)] * 100
    body = body_of(LARGE, parts)
    await finished(body)
    taken = answers.LINGER_BYTES // 65_536
    rest = 0
    while rest < 100 - taken:
        await body.receive()
        rest += 1
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await body.receive()
