"""Bodies are counted as they come, and refused where their limit ends."""

from collections.abc import Sequence

import pytest
from starlette.types import Message, Receive

from gateway.edge.bodies import DRAINED_BYTES, BodyTooLargeError, ClientGoneError, RequestBody
from gateway.policy.headers import HeaderMap

CHUNKED = [(b"transfer-encoding", b"chunked")]


def arriving(*chunks: bytes, gone: bool = False) -> Receive:
    messages: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": gone or index < len(chunks) - 1}
        for index, chunk in enumerate(chunks)
    ]
    if gone:
        messages.append({"type": "http.disconnect"})
    coming = iter(messages)

    async def receive() -> Message:
        return next(coming)

    return receive


def body(
    receive: Receive, headers: Sequence[tuple[bytes, bytes]] = CHUNKED, limit: int = 10
) -> RequestBody:
    return RequestBody(receive, HeaderMap(headers), limit)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"0")]])
def test_without_length_and_encoding_there_is_no_body(headers: list[tuple[bytes, bytes]]) -> None:
    absent = body(arriving(), headers)
    assert not absent.present
    assert absent.complete


def test_a_declared_length_over_the_limit_is_too_large_at_once() -> None:
    assert not body(arriving(), [(b"content-length", b"10")]).too_large
    assert body(arriving(), [(b"content-length", b"11")]).too_large


async def test_parts_stream_through_in_order() -> None:
    streamed = body(arriving(b"one", b"", b"two"))
    first = await streamed.read()
    assert [part async for part in streamed.stream(first)] == [b"one", b"two"]
    assert streamed.complete
    assert not streamed.too_large


async def test_an_undeclared_body_is_cut_off_at_the_limit() -> None:
    endless = body(arriving(b"12345", b"12345", b"6"))
    first = await endless.read()
    with pytest.raises(BodyTooLargeError):
        _ = [part async for part in endless.stream(first)]
    assert endless.too_large


async def test_a_client_that_leaves_leaves_no_half_body() -> None:
    abandoned = body(arriving(b"123", gone=True))
    first = await abandoned.read()
    with pytest.raises(ClientGoneError):
        _ = [part async for part in abandoned.stream(first)]


async def test_progress_is_told() -> None:
    seen: list[int] = []
    watched = body(arriving(b"1", b"2"))
    watched.watch(lambda: seen.append(watched.received))
    first = await watched.read()
    _ = [part async for part in watched.stream(first)]
    assert seen == [1, 2]


async def test_the_rest_is_read_before_a_refusal_so_that_it_can_be_read() -> None:
    refused = body(arriving(b"12345678901", b"more"))
    with pytest.raises(BodyTooLargeError):
        await refused.read()
    assert await refused.drain()


async def test_far_too_much_is_not_waited_for() -> None:
    huge = body(arriving(), [(b"content-length", str(DRAINED_BYTES + 1).encode())])
    assert not await huge.drain()
