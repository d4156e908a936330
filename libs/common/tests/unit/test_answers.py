"""What is read has an ETag of all that is shown, 304 for who holds it, and HEAD without a body."""

from typing import Protocol

import httpx
import pytest
from fastapi import FastAPI

from common.assertions import AssertionMinter, RequestContext
from common.clock import FrozenClock

Headers = dict[str, str]


class Shelf(Protocol):
    """The versioned thing of the made-up service."""

    version: int
    label: str
    reads: int
    lines: int


async def test_a_read_carries_its_version_and_a_digest_of_what_is_shown(
    client: httpx.AsyncClient, anonymous: Headers, shelf: Shelf
) -> None:
    first = (await client.get("/things/a", headers=anonymous)).headers["etag"]
    assert first.startswith('"7-')
    assert (await client.get("/things/a", headers=anonymous)).headers["etag"] == first
    shelf.label = "Court of Demoville"  # no change of the thing itself
    second = (await client.get("/things/a", headers=anonymous)).headers["etag"]
    assert second.startswith('"7-')
    assert second != first


async def test_what_the_client_holds_is_not_sent_again(
    client: httpx.AsyncClient, minter: AssertionMinter, clock: FrozenClock
) -> None:
    context = RequestContext(rid="request-1", ratelimit='"user";r=9;t=1')
    known = {"X-Gateway-Assertion": minter.mint({"ip": None}, clock.now(), context)}
    whole = await client.get("/things/a", headers=known)
    again = await client.get("/things/a", headers=known | {"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-type" not in again.headers
    assert "content-length" not in again.headers
    assert again.headers["RateLimit"] == '"user";r=9;t=1'
    for name in ("etag", "cache-control", "x-content-type-options"):
        assert again.headers[name] == whole.headers[name]


async def test_a_304_never_hides_a_change_of_something_shown(
    client: httpx.AsyncClient, anonymous: Headers, shelf: Shelf
) -> None:
    for path in ("/things/a", "/things"):
        held = (await client.get(path, headers=anonymous)).headers["etag"]
        shelf.label += "!"
        again = await client.get(path, headers={**anonymous, "If-None-Match": held})
        assert again.status_code == 200
        assert shelf.label in again.text


async def test_a_304_needs_the_same_permission_as_the_answer(
    client: httpx.AsyncClient, anonymous: Headers, shelf: Shelf
) -> None:
    held = (await client.get("/things/a", headers=anonymous)).headers["etag"]
    for known in (held, "*"):
        assert (await client.get("/things/a", headers={"If-None-Match": known})).status_code == 401
    assert shelf.reads == 1
    assert (await client.get("/mine", headers={**anonymous, "If-None-Match": "*"})).status_code == (
        401
    )


async def test_a_list_has_a_weak_etag_of_its_bytes(
    client: httpx.AsyncClient, anonymous: Headers
) -> None:
    held = (await client.get("/things", headers=anonymous)).headers["etag"]
    assert held.startswith('W/"')
    again = await client.get("/things", headers={**anonymous, "If-None-Match": held})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", W/{tag} , "more"', 304),
        ("*", 304),
        (" * ", 304),
        ('"other"', 200),
        ('"7"', 200),
        ("{bare}", 200),
        ('"x{bare}"', 200),
        ("", 200),
    ],
)
async def test_if_none_match_is_compared_weakly_with_each_of_its_tags(
    client: httpx.AsyncClient, anonymous: Headers, given: str, status: int
) -> None:
    tag = (await client.get("/things/a", headers=anonymous)).headers["etag"]
    header = given.format(tag=tag, bare=tag.strip('"'))
    answer = await client.get("/things/a", headers={**anonymous, "If-None-Match": header})
    assert answer.status_code == status


async def test_several_lines_of_if_none_match_are_one_list(
    client: httpx.AsyncClient, anonymous: Headers
) -> None:
    tag = (await client.get("/things/a", headers=anonymous)).headers["etag"]
    lines = [*anonymous.items(), ("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert (await client.get("/things/a", headers=lines)).status_code == 304


async def test_a_write_ignores_if_none_match_and_takes_the_tag_that_was_read(
    client: httpx.AsyncClient, anonymous: Headers, shelf: Shelf
) -> None:
    tag = (await client.get("/things/a", headers=anonymous)).headers["etag"]
    shelf.label = "Renamed by another user"
    headers = {**anonymous, "If-Match": tag, "If-None-Match": "*"}
    changed = await client.patch("/things/a", headers=headers)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"8"')
    assert (await client.patch("/things/a", headers=headers)).status_code == 412


@pytest.mark.parametrize("path", ["/things/a", "/things", "/who", "/livez", "/openapi.json"])
async def test_a_head_has_the_headers_of_the_get_and_no_body(
    client: httpx.AsyncClient, anonymous: Headers, path: str
) -> None:
    named = {**anonymous, "X-Request-ID": "abc-12345"}
    whole = await client.get(path, headers=named)
    head = await client.head(path, headers=named)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert dict(head.headers) == dict(whole.headers)
    assert int(head.headers["content-length"]) == len(whole.content) > 0


async def test_a_head_is_conditional_as_well(client: httpx.AsyncClient, anonymous: Headers) -> None:
    tag = (await client.head("/things/a", headers=anonymous)).headers["etag"]
    again = await client.head("/things/a", headers={**anonymous, "If-None-Match": tag})
    assert again.status_code == 304


async def test_a_head_reads_once_and_makes_no_more_than_the_start_of_a_stream(
    client: httpx.AsyncClient, anonymous: Headers, shelf: Shelf
) -> None:
    await client.head("/things/a", headers=anonymous)
    assert shelf.reads == 1
    head = await client.head("/things/a/lines", headers=anonymous)
    assert (head.status_code, head.content, shelf.lines) == (200, b"", 1)
    assert "etag" not in head.headers


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/notes", 405), ("/clash", 409), ("/crash", 500)]
)
async def test_a_refused_head_has_no_body_either(
    client: httpx.AsyncClient, anonymous: Headers, path: str, status: int
) -> None:
    head = await client.head(path, headers=anonymous)
    assert (head.status_code, head.content) == (status, b"")
    assert int(head.headers["content-length"]) > 0


async def test_a_head_is_counted_as_a_head_of_its_route(
    client: httpx.AsyncClient, anonymous: Headers
) -> None:
    await client.head("/things/a", headers=anonymous)
    await client.get("/things/a", headers={**anonymous, "If-None-Match": "*"})
    metrics = (await client.get("/metrics")).text
    route = 'route="/things/{name}",service="demo"'
    assert f'http_requests_total{{method="HEAD",{route},status="200"}}' in metrics
    assert f'http_requests_total{{method="GET",{route},status="304"}}' in metrics


async def test_a_stream_passes_as_it_comes(client: httpx.AsyncClient, anonymous: Headers) -> None:
    headers = {**anonymous, "If-None-Match": "*"}
    answer = await client.get("/things/a/lines", headers=headers)
    assert (answer.status_code, answer.text) == (200, "a\n" * 3)
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/things/a", "private, no-cache"),
        ("GET", "/things/a/lines", "private, no-cache"),
        ("GET", "/things/a/secret", "no-store"),
        ("GET", "/livez", "no-store"),
        ("GET", "/readyz", "no-store"),
        ("GET", "/metrics", "no-store"),
        ("GET", "/nowhere", "no-store"),
        ("GET", "/clash", "no-store"),
        ("GET", "/crash", "no-store"),
        ("GET", "/notes", "no-store"),
        ("OPTIONS", "/things/a", "no-store"),
        ("POST", "/notes", "no-store"),
        ("PATCH", "/things/a", "no-store"),
    ],
)
async def test_every_answer_says_how_long_it_may_be_cached(
    client: httpx.AsyncClient, anonymous: Headers, method: str, path: str, expected: str
) -> None:
    body = {"text": "a"} if method == "POST" else None
    answer = await client.request(method, path, headers=anonymous, json=body)
    assert answer.headers.get_list("cache-control") == [expected]
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert ("etag" in answer.headers) == (path == "/things/a" and method == "GET")


async def test_what_is_never_stored_is_never_304(
    client: httpx.AsyncClient, anonymous: Headers
) -> None:
    headers = {**anonymous, "If-None-Match": "*"}
    assert (await client.get("/things/a/secret", headers=headers)).status_code == 200


def test_the_description_names_no_head(app: FastAPI) -> None:
    methods = {method for path in app.openapi()["paths"].values() for method in path}
    assert methods == {"get", "post", "patch"}
