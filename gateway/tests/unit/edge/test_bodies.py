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


async def rest(streamed: RequestBody) -> list[bytes]:
    """All parts that are left."""
    parts = []
    while not streamed.complete:
        parts.append(await streamed.read())
    return parts


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
    assert await rest(streamed) == [b"one", b"", b"two"]
    assert streamed.complete
    assert not streamed.too_large


async def test_an_undeclared_body_is_cut_off_at_the_limit() -> None:
    endless = body(arriving(b"12345", b"12345", b"6"))
    with pytest.raises(BodyTooLargeError):
        await rest(endless)
    assert endless.too_large


async def test_a_client_that_leaves_leaves_no_half_body() -> None:
    abandoned = body(arriving(b"123", gone=True))
    with pytest.raises(ClientGoneError):
        await rest(abandoned)


async def test_an_undeclared_length_goes_on_in_chunks_and_ends_with_their_end() -> None:
    chunked = body(arriving(b"one", b"", b"twenty"))
    assert chunked.framing == (b"transfer-encoding", b"chunked")
    sent = [chunked.framed(await chunked.read()) for _ in range(3)]
    assert sent == [b"3\r\none\r\n", b"", b"6\r\ntwenty\r\n0\r\n\r\n"]
    assert chunked.moved_on


async def test_a_declared_length_goes_on_as_it_is() -> None:
    declared = body(arriving(b"one"), [(b"content-length", b"3")])
    assert declared.framing == (b"content-length", b"3")
    assert declared.framed(await declared.read()) == b"one"
    assert not declared.moved_on


async def test_progress_is_told() -> None:
    seen: list[int] = []
    watched = body(arriving(b"1", b"2"))
    watched.watch(lambda: seen.append(watched.received))
    await rest(watched)
    assert seen == [1, 2]


async def test_the_rest_is_read_before_a_refusal_so_that_it_can_be_read() -> None:
    refused = body(arriving(b"12345678901", b"more"))
    with pytest.raises(BodyTooLargeError):
        await refused.read()
    assert await refused.drain()


async def test_far_too_much_is_not_waited_for() -> None:
    huge = body(arriving(), [(b"content-length", str(DRAINED_BYTES + 1).encode())])
    assert not await huge.drain()
